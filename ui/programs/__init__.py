"""What programs ask of paperchat: an API on the page's server, and tools for models by MCP."""
