"""What is known about messages, causes and remedies: data that the program can run."""
