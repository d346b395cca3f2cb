"""The command line: three verbs (know, check, choose) and what is published from them."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from dualtrack.core.errors import DualtrackError

BAD_INPUT = 2
INTERRUPTED = 130
UNREAD = 1


def main() -> None:
    """Runs the command line. A user's mistake ends with a message and exit code 2, never a traceback.

    A reader that stops reading, as ``head`` does, is no error and is not told. (The signal SIGPIPE stays ignored: a
    lost worker process must not take this one with it.)
    """
    try:
        try:
            _loaded()()
        finally:
            sys.stdout.flush()
    except DualtrackError as error:
        print(f"dualtrack: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        _forget_output()
        sys.exit(UNREAD)
    except OSError as error:  # such as a full disk behind standard output
        place = f" to {error.filename}" if error.filename else ""
        print(f"dualtrack: the result cannot be written{place}: {error.strerror or error}.", file=sys.stderr)
        _forget_output()
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("dualtrack: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except SystemExit as done:
        if done.code == INTERRUPTED:  # the library of the command line says nothing of an interrupt
            print("dualtrack: interrupted", file=sys.stderr)
        raise


def _loaded() -> Any:
    """The commands. An interrupt while they load ends at once: libraries would wrap it into errors of their own.

    Matrices here are small: threads of OpenBLAS that wait for each other cost more than they save (an article a third
    of its processor time, pooled polls most of it), so there is one unless the environment says otherwise.
    """
    if "numpy" not in sys.modules:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)
    try:
        from dualtrack.cli.app import app
    finally:
        if before is signal.default_int_handler:
            signal.signal(signal.SIGINT, before)
    return app


def _end(*_: object) -> None:
    os.write(2, b"dualtrack: interrupted\n")
    os._exit(INTERRUPTED)


def _forget_output() -> None:
    """What is left in the buffer has nowhere to go; the interpreter must not try again when it ends."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
