"""The chat page: Gradio's components and events, its scripts and styles, and the server that carries it."""
