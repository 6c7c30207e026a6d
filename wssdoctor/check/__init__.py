"""Checks and their results, over the facts of a description. This room knows nothing of SOAP or of causes: keep it so."""
