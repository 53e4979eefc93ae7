"""`python -m casework`: the command, of the interpreter that runs it."""

from casework.cli import main

main()
