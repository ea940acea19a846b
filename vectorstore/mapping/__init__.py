"""A map of the collection: its papers placed by meaning, in topics that have names."""
