"""Answers, papers and the page's other contents as HTML: pure functions, every text escaped."""
