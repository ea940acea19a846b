"""How a question is understood: filters, names, references to earlier turns, intent."""
