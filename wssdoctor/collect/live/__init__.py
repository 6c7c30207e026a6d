"""Systems that are asked for their tables, read-only, instead of exports."""
