"""Starts the server: its socket, its address, and its quiet end."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import uvicorn

from dualtrack.api import OpenRecord
from dualtrack.core.errors import BadInput
from dualtrack.serve.app import make_app, open_workbench
from dualtrack.serve.guard import LOOPBACK

_SHORTEST = 16
_TO_END = 30  # seconds that a page being made may take to end
_IDLE = 30  # seconds a connection is kept open for a reader who does nothing
_AT_ONCE = 512


def serve(
    record: OpenRecord,
    port: int,
    host: str = "127.0.0.1",
    token: str = "",
    folder: Path | None = None,
    follows: bool = False,
    told: Callable[[str], None] = print,
    opens: bool = False,
    runs: Path | None = None,
) -> None:
    """Answers until it is interrupted.

    Args:
        record: the record.
        port: 0 takes any that is free.
        host: an address of this machine.
        token: what readers must show; needed for any address but the loopback's.
        folder: the reader's own tables.
        follows: whether "today" moves on with the calendar.
        told: is given the address, once it answers there.
        opens: whether a browser is opened there.
        runs: where runs of the model are kept; None where none can be started.

    Raises:
        BadInput: the address is no loopback and there is no token, or it cannot be had.
        KeyboardInterrupt: it was interrupted.
    """
    if not _is_loopback(host) and not token:
        raise BadInput(
            f"{host} can be reached from other machines, so readers must show a token.",
            'Give one of your own: --token "$(openssl rand -hex 16)". Or leave out --host.',
        )
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.replace("-", "").isalnum()):
        raise BadInput(
            f"A token has at least {_SHORTEST} letters, digits or hyphens.", 'For example: "$(openssl rand -hex 16)".'
        )
    listening = _listening(host, port)
    taken = listening.getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{taken}/"
    whole = f"{address}?token={quote(token)}" if token else address
    workbench = open_workbench(record, follows, folder)
    app = make_app(workbench, folder, _names(host), token, runs)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=2, limit_concurrency=_AT_ONCE, h11_max_incomplete_event_size=32_768, lifespan="off",
    )  # fmt: skip

    ended = threading.Event()
    warming = threading.Thread(target=workbench.warm, args=(ended.is_set,), daemon=True)

    class Server(uvicorn.Server):
        """Tells the address when it answers there, not before."""

        async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
            await super().startup(list(sockets or []))
            told(whole)
            warming.start()
            if opens:
                threading.Thread(target=webbrowser.open, args=(whole,), daemon=True).start()

    try:
        Server(config).run(sockets=[listening])
    finally:
        ended.set()
        if warming.ident is not None:
            warming.join(_TO_END)  # an interpreter that ends while a chart is drawn takes the drawing library down hard


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names(host: str) -> frozenset[str]:
    """The names a server at this address answers to."""
    own = {host.lower(), *LOOPBACK}
    if host in ("0.0.0.0", "::"):
        name = socket.gethostname().lower()
        own |= {name, socket.getfqdn().lower()}
        own |= {str(found[4][0]) for found in _resolved(name)}
    return frozenset(own)


def _resolved(name: str) -> Sequence[tuple[object, object, object, str, tuple[object, ...]]]:
    try:
        return socket.getaddrinfo(name, None)
    except OSError:
        return []


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sends at once
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        why = getattr(error, "strerror", "") or str(error)
        raise BadInput(
            f"Port {port} at {host} cannot be had: {why}.",
            "Another program may use it: give another with --port, or --port 0 for any that is free.",
        ) from None
    return made
