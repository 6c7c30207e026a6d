"""``python -m wssdoctor``."""

from wssdoctor.cli.main import main

main()
