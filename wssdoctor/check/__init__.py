"""Checks and their results. This room knows nothing of SAP, of SOAP or of causes: keep it so."""
