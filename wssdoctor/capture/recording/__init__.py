"""Recordings: files of other tools that hold many exchanges. Each reader turns them into raw HTTP."""
