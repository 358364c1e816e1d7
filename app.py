"""The chat page: a question goes in, and a person sees the answer with its quote inside the whole article.

Annotations are evaluated here, not postponed: Gradio reads them to know what a listener wants.
"""

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.console import guarded
from qa import JawabError, page_articles
from qa.incoming import MAX_BYTES
from qa.page_chat import Asked, ChatDesk, Examples
from qa.page_frame import HEAD, chat_html, header_html, page_texts, reader_html, scope_html, welcome_html
from qa.page_server import OwnLanguage, Revalidated, check_address, check_mcp
from qa.page_texts import LANGUAGES, say
from qa.plain import answer_record, closest_record, listed_record

if TYPE_CHECKING:
    import gradio as gr

_FONTS = ["IBM Plex Sans Arabic", "Segoe UI", "Tahoma", "sans-serif"]
_PAGE = Path(str(files("qa") / "page"))
_MOUNT = """import(new URL("page/{}.js", document.baseURI)).then(({{ mount }}) => {{ {} }});"""
_EVENTS = "{ asked: () => trigger('asked'), stopped: () => trigger('stopped') }"
_CHANGES = "Object.fromEntries(['wanted', 'doomed', 'changed'].map(name => [name, () => trigger(name)]))"
_ASKING: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": 4, "show_progress": "hidden"}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Product:
    """What the page shows: an assistant, its articles, the questions it proposes, a folder to write in."""

    assistant: Asked
    collection: page_articles.Kept
    suggestions: Examples
    folder: Path


def _import_gradio() -> None:
    """Import Gradio, told beforehand to call no server and not to sum up all past requests after each one."""
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000"}
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio  # noqa: F401


def build_page(product: Product) -> "gr.Blocks":
    """Lay out a page for each language, and the endpoints for programs."""
    _import_gradio()
    import gradio as gr

    blocks = gr.Blocks(title="جواب", fill_width=True, delete_cache=(3600, 3600))
    desk = ChatDesk(product.assistant, product.suggestions, product.folder)
    for language, name in LANGUAGES.items():
        with blocks.route(name, language, show_in_navbar=False):
            _html(header_html(language), elem_id="top")
            with gr.Column(elem_id="ask-view"):
                refresh = _lay_out_chat(blocks, product, desk, language)
            with gr.Column(elem_id="articles-view"):
                _lay_out_articles(product, refresh, language)
    with blocks:
        _offer_to_programs(product, desk)
    return blocks


def _html(value: object = "", **options: Any) -> "gr.HTML":
    import gradio as gr

    return gr.HTML(value, apply_default_css=False, **{"js_on_load": None, **options})


def _lay_out_chat(blocks: "gr.Blocks", product: Product, desk: ChatDesk, language: str) -> tuple[Any, ...]:
    """Lay out a chat, whose turns live in the browser; return what tells anew of the articles."""
    import gradio as gr

    def judge(view: dict[str, Any]) -> tuple[bool, str]:
        good, reason = bool(view.get("good")), str(view.get("reason", ""))
        return desk.judge(str(view.get("turn", "")), good, reason, language)

    def following(view: dict[str, Any]) -> list[str]:
        return desk.following(str(view.get("turn", "")))

    def reply(request: Any) -> Iterator[dict[str, Any]]:
        yield from desk.reply(request, language)

    def welcome() -> tuple[str, str]:
        held = product.collection.overview()
        examples = product.suggestions.examples(language)
        return welcome_html(held, examples, language), scope_html(held.publishers, language)

    held = product.collection.overview()
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="thread"):
            top = _html(welcome_html(held, (), language), elem_id="welcome")
            chat = _html(
                None,
                html_template=chat_html(language),
                js_on_load=_MOUNT.format("chat", f"mount(element, {_EVENTS}, props, server, watch)"),
                server_functions=[judge, following],
                texts=page_texts(language),
            )
            with gr.Column(elem_id="composer"):
                box = gr.Textbox(
                    label=say("ask", language), placeholder=say("ask", language), show_label=False,
                    container=False, max_lines=6, autofocus=True, submit_btn=True, rtl=language == "ar",
                    elem_id="box",
                )  # fmt: skip
                scope = _html(scope_html(held.publishers, language))
        _html(reader_html(language), elem_id="reader-place")
    box.submit(None, box, None, js="text => { jawab.send(text) }", **_QUIET)
    asked = chat.asked(
        reply, chat, chat, js="() => jawab.request()", trigger_mode="multiple",
        api_visibility="private", **_ASKING,
    )  # fmt: skip
    asked.failure(None, js="() => { jawab.failed() }", **_QUIET)
    chat.stopped(None, cancels=[asked], **_QUIET)
    blocks.load(welcome, None, [top, scope], concurrency_limit=None, **_QUIET)
    return welcome, None, [top, scope]


def _lay_out_articles(product: Product, refresh: tuple[Any, ...], language: str) -> None:
    """Lay out the articles: a way to add files or a text, and a list to search and delete from."""
    import gradio as gr

    def add_files(paths: list[str]) -> Iterator[str]:
        yield from page_articles.add_in_steps(product.collection, paths, "", "", language)

    def add_text(text: str, title: str) -> Iterator[str]:
        yield from page_articles.add_in_steps(product.collection, None, text, title, language)

    def listed(wanted: Any) -> tuple[str, str]:
        return page_articles.shelf_html(product.collection, wanted, language)

    def delete(wanted: Any) -> None:
        try:
            page_articles.delete_wanted(product.collection, wanted)
        except JawabError as error:
            gr.Warning(error.sentence(language))

    rtl = language == "ar"
    with gr.Row(elem_id="shelf"):
        with gr.Column(elem_id="adding"):
            _html(f'<div class="jawab"><h2>{say("add_title", language)}</h2></div>')
            with gr.Column(elem_id="dropzone"):
                _html(f'<p class="jawab hint" dir="auto">{say("drop", language)}</p>')
                upload = gr.UploadButton(say("choose", language), file_count="multiple", elem_id="files")
            text = gr.Textbox(label=say("paste", language), lines=5, max_lines=12, rtl=rtl)
            title = gr.Textbox(label=say("title", language), rtl=rtl)
            add = gr.Button(say("add", language), variant="secondary")
            outcome = _html(elem_id="outcome")
        with gr.Column(elem_id="kept"):
            above = _html()
            gr.Textbox(
                label=say("search", language), placeholder=say("search", language), show_label=False,
                container=False, elem_id="search", rtl=rtl,
            )  # fmt: skip
            shelf = _html(elem_id="list")
            mount = _MOUNT.format("articles", f"mount({_CHANGES}, props.limits)")
            link = _html(None, html_template="", js_on_load=mount, limits=page_articles.limits(language))
    changing: dict[str, Any] = {"concurrency_id": "add", "concurrency_limit": 2, **_QUIET}
    pasted = [text, title]
    pasting = add.click(add_text, pasted, outcome, js="(...now) => jawabPasting(now)", **changing)
    pasting.success(None, pasted, pasted, js="(...now) => jawabPasted(now)", **_QUIET)
    for added in (upload.upload(add_files, upload, outcome, **changing), pasting):
        added.then(None, js="() => { jawabChanged() }", **_QUIET)
        added.failure(lambda: page_articles.unexpected_html(language), None, outcome, **_QUIET)
    # Each view of the articles has one listener, which runs anew after the last change: none is left out.
    latest: dict[str, Any] = {"trigger_mode": "always_last", **_QUIET}
    seen = link.wanted(listed, link, [above, shelf], js="() => jawabWanted()", **latest)
    seen.then(None, js="() => { jawabListed() }", **_QUIET)
    link.changed(*refresh, **latest)
    gone = link.doomed(delete, link, None, js="() => jawabDoomed()", **latest)
    gone.then(None, js="() => { jawabDeleted() }", **_QUIET)


def _offer_to_programs(product: Product, desk: ChatDesk) -> None:
    """Name the endpoints `/ask` and `/articles`, which are also the tools of the MCP server."""
    import gradio as gr
    from gradio.events import api

    def ask(
        question: str, history: list[str] | None = None, publishers: list[str] | None = None,
        since: str = "", until: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Answer a question from the articles, with the passages that prove it, or say that they do not.

        Args:
            question: a question in Arabic, French or English.
            history: the earlier questions of the conversation, oldest first.
            publishers: ask only the articles of these publishers.
            since: only articles published on this day (YYYY-MM-DD) or later.
            until: only articles published on this day or earlier.
        """
        try:
            answer = desk.answer(question, history, publishers, since, until)
        except JawabError as error:
            raise gr.Error(error.sentence("en"), print_exception=False) from error
        return {**answer_record(answer), "closest": [closest_record(hit) for hit in answer.closest]}

    def articles(search: str = "") -> list[dict[str, Any]]:
        """List the articles, those with the words of `search` in title, publisher or source.

        Args:
            search: words to look for; without it, every article is listed.
        """
        return [listed_record(article) for article in product.collection.articles(search)]

    api(ask, api_name="ask", concurrency_id="ask", concurrency_limit=4)
    api(articles, api_name="articles")


def serve(blocks: "gr.Blocks", host: str, port: int, *, mcp: bool = False) -> None:
    """Serve the pages in a thread of their own; JAWAB_PASSWORD, when set, is asked of everybody."""
    import gradio as gr
    from starlette.middleware import Middleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    password = os.environ.get("JAWAB_PASSWORD")
    blocks.queue(max_size=64, default_concurrency_limit=4)
    blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        max_file_size=MAX_BYTES,
        auth=("jawab", password) if password else None,
        auth_message="جواب · jawab",
        mcp_server=mcp,
        app_kwargs={
            "middleware": [Middleware(OwnLanguage)],
            "routes": [Mount("/page", Revalidated(StaticFiles(directory=_PAGE)))],
        },
        theme=gr.themes.Base(font=_FONTS, font_mono=["monospace"]),
        head=HEAD,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat page until interrupted; return 2, with a sentence, when it cannot be served."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve the chat page.")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the index to answer from")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    parser.add_argument("--mcp", action="store_true", help="offer the same answers as tools over MCP")
    return guarded(_run, parser.parse_args(argv))


def _run(options: argparse.Namespace) -> int:
    check_address(options.host, options.port)
    if options.mcp:
        check_mcp()
    from qa import Assistant
    from qa.suggestions import Suggestions

    assistant = Assistant.load(store=options.store, wait=False)
    suggestions = Suggestions(assistant)
    collection = assistant.collection
    product = Product(assistant, collection, suggestions, collection.folder)
    blocks = build_page(product)
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as closed_later:
        closed_later.callback(blocks.close, verbose=False)
        serve(blocks, options.host, options.port, mcp=options.mcp)
        print(f"http://{options.host}:{options.port}", flush=True)
        assistant.warm()  # the page is seen meanwhile, and a first question waits for what is left of it
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
