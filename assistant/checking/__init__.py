"""From a draft, or a model's reply, to claims with verdicts and citations with exact quotes."""
