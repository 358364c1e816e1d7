"""The server of the chat page: whether it can run, and in which language a browser is met."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

from corpus.errors import AddressUnusable, UsageError
from qa.page_texts import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


_NO_MCP = {
    "ar": "حزمة mcp غير مثبتة",
    "fr": "Le paquet mcp n'est pas installé",
    "en": "The package mcp is not installed",
}
_INSTALL_MCP = {
    "ar": "ثبتها بالأمر: pip install '.[mcp]'",
    "fr": "Installez-le avec : pip install '.[mcp]'",
    "en": "Install it with: pip install '.[mcp]'",
}


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


def check_mcp() -> None:
    """Raise UsageError when the package that offers tools over MCP is not installed.

    Gradio would serve the page without them, and say nothing.
    """
    if find_spec("mcp") is None:
        raise UsageError(reason=_NO_MCP, remedy=_INSTALL_MCP)


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


class Revalidated:
    """Has a browser ask each time whether a file is still the same, so that a new program gets its own page.

    Without it a browser may join modules that it kept with modules of another version.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and mark what comes."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"cache-control", b"no-cache")]
            await send(message)

        await self.app(scope, receive, marked)
