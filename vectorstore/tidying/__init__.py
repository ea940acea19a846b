"""Titles and abstracts as search reads them; the originals stay for quotes."""
