"""What carries the page: the web server, who may open it, and what stands before it."""
