"""What a SOAP message says about security, and whether its cryptography holds. Knows nothing of SAP."""
