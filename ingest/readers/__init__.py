"""One reader a file format, each behind `ingest.entries.PaperSource`."""
