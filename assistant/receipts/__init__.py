"""What an answer was made from, written down, and what changed since."""
