"""The consumer side: what can stop an outbound call, from the logical port to the answer. Knows nothing of causes."""
