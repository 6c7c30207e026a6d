"""A provider to send requests to, which behaves as the described system would and says why it refuses."""
