"""What is written down while paperchat runs: a line for each question, and whatever went wrong."""
