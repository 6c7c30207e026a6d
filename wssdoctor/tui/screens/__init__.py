"""One module and one style sheet per screen."""
