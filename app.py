"""The chat page: a question goes in, and a person sees the answer with its quote inside the whole article.

Annotations are evaluated here, not postponed: Gradio reads them to know what a listener wants.
"""

import argparse
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import AddressUnusable
from index.console import guarded
from qa import Answer, JawabError
from qa.rendering import header_html, outcome_html, question_html

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

    from qa import Assistant

LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}
EXAMPLES = (
    "متى عُقد اجتماع ليون؟",
    "شحال من دولة عضو فالإنتربول؟",
    "Quand l'insuline a-t-elle été découverte ?",
    "When was the Hassan II mosque inaugurated?",
)
"""In Standard Arabic, Darija, French and English; the bundled articles answer each."""

_ASK = {"ar": "اكتب سؤالك هنا", "fr": "Écrivez votre question", "en": "Type your question"}
_FONTS = ["Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", "Tahoma", "sans-serif"]
_CSS = """
.gradio-container .fillable { max-width: 56rem !important; padding: .25rem 1rem !important }
.jawab > *, .closest > * { margin: 0; text-align: start; line-height: 1.8; overflow-wrap: anywhere }
.asked p, .jawab .article, #box textarea, .example * { unicode-bidi: plaintext; text-align: start !important }
.asked p, .jawab .article { white-space: pre-wrap }
.jawab h1 { font-size: 1.8em; font-weight: bold }
.jawab strong { font-size: 1.2em }
.jawab blockquote, .jawab .article { padding: .25rem .75rem; border: 0 solid var(--border-color-primary) }
.jawab blockquote { margin-block: .5rem; border-color: var(--primary-500); border-inline-start-width: .2rem }
.jawab .article { max-height: 24rem; overflow: auto; border-width: 1px; border-radius: .4rem }
.jawab mark { color: inherit; background: color-mix(in srgb, var(--primary-500) 25%, transparent) }
.jawab summary, .jawab .source, .waiting { color: var(--body-text-color-subdued) }
#chat { height: 0 !important; min-height: 20rem !important }
.examples { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)) !important }
.asked { scroll-margin-top: 2rem }
.jawab summary { cursor: pointer; padding-block: .25rem }
.jawab cite { font-style: normal }
.closest { margin-top: .75rem; padding-top: .5rem; border-top: 1px dashed var(--border-color-primary) }
"""
_HEAD = """<script>
const lang = location.pathname.split("/").pop();
Object.assign(document.documentElement, { lang, dir: lang === "ar" ? "rtl" : "ltr" });
document.addEventListener("toggle", ({ target }) => {
  if (target.open) target.querySelector("mark")?.scrollIntoView({ block: "center" });
}, true);
</script>"""
_SHOW_LAST = "() => setTimeout(() => [...document.querySelectorAll('.asked')].at(-1)?.scrollIntoView(), 50)"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat and what came of it; None while it is being answered."""

    question: str
    outcome: Answer | JawabError | None = None


def preferred_language(accepted: str) -> str:
    """Return the first language of the page that an Accept-Language header names, else Arabic."""
    tags = (choice.split(";")[0].strip().lower().split("-")[0] for choice in accepted.split(","))
    return next((tag for tag in tags if tag in LANGUAGES), "ar")


def _import_gradio() -> None:
    """Import Gradio, told beforehand to call no server and not to sum up all past requests after each one."""
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000"}
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio  # noqa: F401


def build_page(assistant: "Assistant") -> "gr.Blocks":
    """Lay out a page for each language."""
    _import_gradio()
    import gradio as gr

    blocks = gr.Blocks(title="جواب", fill_height=True)
    for language, name in LANGUAGES.items():
        with blocks.route(name, language):
            _lay_out(blocks, assistant, language)
    return blocks


def _lay_out(blocks: "gr.Blocks", assistant: "Assistant", language: str) -> None:
    """Lay out one page; a chat's turns live in its own session, so two chats never meet."""
    import gradio as gr
    from gradio.components import Navbar

    def html(value: str) -> gr.HTML:
        return gr.HTML(value, apply_default_css=False)

    def header() -> str:
        return header_html(assistant.article_count, language)

    def messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        for turn in turns:
            said.append({"role": "user", "content": html(question_html(turn.question))})
            said.append({"role": "assistant", "content": html(outcome_html(turn.outcome, language))})
        return said

    def ask(question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        yield "", messages([*turns, Turn(question)]), turns
        try:
            history = [turn.outcome for turn in turns if isinstance(turn.outcome, Answer)]
            outcome: Answer | JawabError = assistant.ask(question, history=history)
        except JawabError as error:
            outcome = error
        turns = [*turns, Turn(question, outcome)]
        yield "", messages(turns), turns

    def ask_example(turns: list[Turn], chosen: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from ask(chosen.value["text"], turns)

    Navbar(main_page_name=False)
    top = html(header())
    chat = gr.Chatbot(
        show_label=False,
        container=False,
        scale=1,
        autoscroll=False,
        rtl=language == "ar",
        buttons=[],
        elem_id="chat",
        examples=[{"text": example} for example in EXAMPLES],
    )
    box = gr.Textbox(
        label=_ASK[language],
        placeholder=_ASK[language],
        show_label=False,
        max_lines=5,
        autofocus=True,
        submit_btn=True,
        rtl=language == "ar",
        elem_id="box",
    )
    turns = gr.State([])
    outputs = [box, chat, turns]
    visibility = "public" if language == "ar" else "private"
    calmly: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": 4, "show_progress": "hidden"}
    for asked in (
        box.submit(ask, [box, turns], outputs, api_name="ask", api_visibility=visibility, **calmly),
        chat.example_select(ask_example, turns, outputs, api_visibility="private", **calmly),
    ):
        asked.then(None, js=_SHOW_LAST, api_visibility="private")
    chat.clear(list, None, turns, api_visibility="private")
    blocks.load(header, None, top, show_progress="hidden", api_visibility="private")


def serve(blocks: "gr.Blocks", host: str, port: int) -> None:
    """Serve the pages in a thread of their own."""
    import gradio as gr
    from starlette.middleware import Middleware

    blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        max_file_size="1mb",
        app_kwargs={"middleware": [Middleware(_OwnLanguage)]},
        theme=gr.themes.Base(font=_FONTS, font_mono=["monospace"]).set(
            body_text_color_subdued="*neutral_600", input_placeholder_color="*neutral_600"
        ),
        css=_CSS,
        head=_HEAD,
    )


class _OwnLanguage:
    """Sends a browser that opens "/" to the page in its own language."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Redirect a request for "/", and pass every other one on."""
        app = self.app
        if (scope.get("method"), scope.get("path")) == ("GET", "/"):
            from starlette.datastructures import Headers
            from starlette.responses import RedirectResponse

            page = preferred_language(Headers(scope=scope).get("accept-language", ""))
            query = scope["query_string"].decode("latin-1")
            app = RedirectResponse(f"{page}?{query}" if query else page, headers={"Vary": "Accept-Language"})
        await app(scope, receive, send)


def check_address(host: str, port: int) -> None:
    """Raise AddressUnusable when nothing can listen on `host` and `port`."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise AddressUnusable(address=f"{host}:{port}", reason=str(error)) from error


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat page until interrupted; return 2, with a sentence, when it cannot be served."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve the chat page.")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the index to answer from")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    return guarded(_run, parser.parse_args(argv))


def _run(options: argparse.Namespace) -> int:
    check_address(options.host, options.port)
    # Gradio takes seconds to import, in which the assistant loads.
    threading.Thread(target=_import_gradio, daemon=True).start()
    from qa import Assistant

    serve(build_page(Assistant.load(store=options.store)), options.host, options.port)
    print(f"http://{options.host}:{options.port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    return 0


def jawab(argv: Sequence[str] | None = None) -> int:
    """Run the command that the first word names: index, qa, eval or app."""
    parser = argparse.ArgumentParser(
        prog="jawab",
        description="Ask Arabic articles a question, with the passage that proves the answer.",
        epilog='Example: jawab qa "متى عُقد اجتماع ليون؟" · each command has its own --help',
    )
    parser.add_argument("command", choices=("index", "qa", "eval", "app"))
    words = list(sys.argv[1:] if argv is None else argv)
    command = parser.parse_args(words[:1]).command
    run = main if command == "app" else import_module(f"{command}.__main__").main
    code: int = run(words[1:])
    return code


if __name__ == "__main__":
    sys.exit(main())
