"""The page: its parts, what their scripts may ask for, and those scripts and styles."""
