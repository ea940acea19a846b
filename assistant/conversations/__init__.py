"""Conversations kept for their visitors, and what visitors think of the answers."""
