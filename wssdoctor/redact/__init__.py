"""Redaction: what identifies people and systems becomes a placeholder, what is secret is removed, and a scan proves it."""
