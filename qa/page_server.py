"""The address of the chat page: whether it can be listened on, and in which language a browser is met."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from corpus.errors import AddressUnusable
from qa.page_texts import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


def preferred_language(accepted: str) -> str:
    """Return the first language of the page that an Accept-Language header names, else Arabic."""
    tags = (choice.split(";")[0].strip().lower().split("-")[0] for choice in accepted.split(","))
    return next((tag for tag in tags if tag in LANGUAGES), "ar")


def check_address(host: str, port: int) -> None:
    """Raise AddressUnusable when nothing can listen on `host` and `port`."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise AddressUnusable(address=f"{host}:{port}", reason=str(error)) from error


class OwnLanguage:
    """Sends a browser that opens "/" to the page in its own language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect a request for "/", and pass every other one on."""
        app = self.app
        if (scope.get("method"), scope.get("path")) == ("GET", "/"):
            from starlette.datastructures import Headers
            from starlette.responses import RedirectResponse

            page = preferred_language(Headers(scope=scope).get("accept-language", ""))
            query = scope["query_string"].decode("latin-1")
            app = RedirectResponse(f"{page}?{query}" if query else page, headers={"Vary": "Accept-Language"})
        await app(scope, receive, send)
