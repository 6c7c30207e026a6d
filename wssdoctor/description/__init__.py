"""The system as its owner describes it: typed facts, each with its place; a fact that is absent is unknown."""
