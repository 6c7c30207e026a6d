"""Sending a captured request again, and saying what the answer means."""
