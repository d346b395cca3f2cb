"""Lets `python -m dualtrack` do what the `dualtrack` command does."""

from dualtrack.cli import main

if __name__ == "__main__":
    main()
