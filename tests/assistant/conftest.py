"""Lies here so that tests in folders below find the builders beside it."""
