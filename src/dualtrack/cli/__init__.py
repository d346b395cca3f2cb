"""The command line: three verbs (know, check, choose) and what is published from them."""

from __future__ import annotations

import os
import sys

from dualtrack.cli.app import app
from dualtrack.core.errors import DualtrackError

BAD_INPUT = 2
INTERRUPTED = 130


def main() -> None:
    """Runs the command line. A user's mistake ends with a message and exit code 2, never a traceback."""
    try:
        app()
    except DualtrackError as error:
        print(f"dualtrack: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("dualtrack: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
