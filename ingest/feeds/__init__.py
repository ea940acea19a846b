"""Fetches papers from services on the web, when the user asks for it: politely, page by page.

Owns requests, their manners, and the pages as files. What is in the pages is read by the readers of
`ingest`, as if the user had saved them. Invariant: nothing is requested on import, nor by anything
but the functions of `arxiv` and `daily`.
"""
