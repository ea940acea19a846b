"""Answers as files: Markdown, BibTeX, RIS and CSV."""
