"""The ticket: everything that support asks for in one file that is safe to send, and reading such a file again."""
