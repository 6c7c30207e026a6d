"""What was found, as a frozen public report, and its forms: text, JSON, and the schemas of the JSON."""
