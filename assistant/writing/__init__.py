"""Writes drafts of answers, with a model and without: which sentences, in which layout."""
