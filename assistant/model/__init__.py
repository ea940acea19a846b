"""The chat model behind an OpenAI-compatible address: requests, replies, failures."""
