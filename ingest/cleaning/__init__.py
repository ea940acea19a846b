"""What is said of a text beside what it says: its language, and whether it hides something."""
