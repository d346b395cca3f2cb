"""What stands before every answer: the host that was asked, the token, and the headers that keep a page harmless."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from dualtrack.serve.problems import as_answer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "dualtrack-token"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::\d{1,5})?", re.ASCII)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri {base}; frame-ancestors {framed}"
)


def policy(styles: tuple[str, ...] = (), embedded: bool = False) -> str:
    """The content security policy of an answer: nothing from outside, no script or style in a page unless hashed.

    A chart to be embedded may stand in any page; its links open in that page's place.
    """
    allowed = "".join(f" {one}" for one in styles)
    return _POLICY.format(styles=allowed, framed="*" if embedded else "'self'", base="'self'" if embedded else "'none'")


class Guard:
    """Refuses requests for another host, those without the token where one is needed, and what is not reading.

    A page of elsewhere cannot make a browser ask a server that answers to its own names only (DNS rebinding).

    Args:
        app: what answers.
        hosts: the names it answers to.
        token: what a reader must show; empty where none is needed.
    """

    def __init__(self, app: App, hosts: frozenset[str], token: str = "") -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if host_name(headers.get("host", "")) not in self.hosts:
            await _refuse(send, 403, "This server answers to its own address only.", "Use the address it printed.")
            return
        if self.token:
            shown = _shown(scope, headers)
            if not shown or not hmac.compare_digest(shown[0].encode(), self.token.encode()):
                await _refuse(send, 401, "A token is needed.", "Use the whole address that the server printed.")
                return
            if shown[1]:
                await self._welcome(scope, send)
                return
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            await _refuse(send, 403, "Forms of other sites are not answered.", "")
            return
        await self.app(scope, receive, guarded(send))

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Takes the token out of the address and keeps it in a cookie that no script can read."""
        query = [(n, v) for n, v in parse_qsl(scope["query_string"].decode("latin-1")) if n != "token"]
        path = quote(scope["path"].lstrip("/\\"))  # what follows a slash or a backslash twice is another host
        place = f"/{path}" + (f"?{urlencode(query)}" if query else "")
        cookie = f"{COOKIE}={self.token}; Path=/; HttpOnly; SameSite=Lax"
        await send(
            {"type": "http.response.start", "status": 303,
             "headers": [(b"location", place.encode("ascii")), (b"set-cookie", cookie.encode("latin-1")),
                         (b"content-length", b"0"), (b"cache-control", b"no-store"), *_HEADERS]}
        )  # fmt: skip
        await send({"type": "http.response.body", "body": b""})


def host_name(host: str) -> str:
    """The name in a Host header, without its port; empty where it is none (RFC 9110, 7.2).

    >>> host_name("[::1]:80"), host_name("LocalHost:8000"), host_name("localhost:80@elsewhere")
    ('::1', 'localhost', '')
    """
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""


def guarded(send: Send) -> Send:
    """Sends with the headers of every answer; the policy too, where the answer has none of its own."""

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            names = {name for name, _ in headers}
            extra = [*_HEADERS, (b"content-security-policy", policy().encode("ascii"))]
            message = {**message, "headers": [*headers, *(pair for pair in extra if pair[0] not in names)]}
        await send(message)

    return sent


def _shown(scope: Scope, headers: dict[str, str]) -> tuple[str, bool] | None:
    """The token a request shows, and whether it stands in the address."""
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if "token" in asked:
        return asked["token"], True
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        return given.strip(), False
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return (cookie.value, False) if cookie else None


async def _refuse(send: Send, status: int, detail: str, fix: str) -> None:
    answer = as_answer(status, detail, fix)
    sent = guarded(send)
    headers = [(b"content-type", answer.media.encode()), (b"content-length", str(len(answer.body)).encode()),
               (b"cache-control", b"no-store")]  # fmt: skip
    await sent({"type": "http.response.start", "status": status, "headers": headers})
    await sent({"type": "http.response.body", "body": answer.body})
