"""Joins what was checked with what is known: causes, remedies tried by replay, the smallest plan."""
