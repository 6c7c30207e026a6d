"""The command line: arguments in, a report on stdout, everything else on stderr, an exit code that tells the truth."""
