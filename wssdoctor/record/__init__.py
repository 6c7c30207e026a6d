"""A recorder: forwards HTTP to one host and keeps the exact octets of both directions."""
