"""The command line: three verbs (know, check, choose) and what is published from them."""

from __future__ import annotations

import os
import signal
import sys

from dualtrack.core.errors import DualtrackError

BAD_INPUT = 2
INTERRUPTED = 130


def main() -> None:
    """Runs the command line. A user's mistake ends with a message and exit code 2, never a traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader that stops reading ends us quietly, as in any pipe
    try:
        from dualtrack.cli.app import app  # here, so that an interrupt while it loads is told like any other

        app()
    except DualtrackError as error:
        print(f"dualtrack: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except OSError as error:  # such as a full disk behind standard output
        print(f"dualtrack: the result cannot be written: {error.strerror or error}.", file=sys.stderr)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("dualtrack: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
