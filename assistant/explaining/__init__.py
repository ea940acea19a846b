"""Why a paper is, or is not, on the list for a question."""
