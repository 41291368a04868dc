"""`python -m trueup`: the command line."""

from trueup.cli import main

main()
