"""The terminal UI. The only room that knows Textual; what it shows is decided in modules that do not."""
