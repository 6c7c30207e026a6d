"""Builds a system description from what an administrator can export. Nothing is guessed, no secret is kept."""
