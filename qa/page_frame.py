"""The frame of the chat page as HTML: its top, its welcome, the shape of a turn, and where to look."""

from __future__ import annotations

from collections.abc import Sequence

from qa.collection import Overview
from qa.page_texts import LANGUAGES, say
from qa.rendering import icon, name_text, safe
from qa.translation import day_text

HEAD = """<link rel="stylesheet" href="page/page.css">
<script>
const lang = location.pathname.split("/").pop();
Object.assign(document.documentElement, { lang, dir: lang === "ar" ? "rtl" : "ltr" });
window.jawab = { early: [], send: text => jawab.early.push(text) };  // until the chat is there
</script>"""
"""What stands in the head of each page: its look, and its language before anything is drawn."""


def header_html(language: str) -> str:
    """Render the name of the page, its views, what is done with chats, and the choice of language."""
    links = "".join(
        f'<a href="{code}" hreflang="{code}" lang="{code}" '
        f'aria-current="{"true" if code == language else "false"}">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    views = "".join(
        f'<button type="button" class="view" data-view="{view}" aria-pressed="{pressed}">'
        f"{say(f'view_{view}', language)}</button>"
        for view, pressed in (("ask", "true"), ("articles", "false"))
    )
    tools = "".join(_button(tool, language) for tool in ("new", "chats", "export"))
    return (
        f'<header class="jawab top"><h1><span class="brand" lang="ar">جواب</span></h1>'
        f'<div class="views" role="group" aria-label="{say("views", language)}">{views}</div>'
        f'<div class="chat-tools">{tools}<div class="chats-menu" id="chats-menu" hidden></div></div>'
        f'<nav class="languages" aria-label="{say("languages", language)}">{links}</nav>'
        f"{_button('theme', language)}</header>"
    )


def welcome_html(overview: Overview, examples: Sequence[str], language: str) -> str:
    """Render what the collection holds, from when to when, and questions to begin with."""
    asked = "".join(
        f'<button type="button" class="example" dir="auto">{safe(example)}</button>' for example in examples
    )
    begin = f'<h2 class="try">{say("try", language)}</h2><div class="examples">{asked}</div>' if asked else ""
    return (
        f'<section class="jawab welcome"><p class="purpose" dir="auto">{say("purpose", language)}</p>'
        f'<p class="holds" dir="auto">{holdings(overview, language)}</p>{begin}'
        f'<p class="privacy" dir="auto">{say("privacy", language)}</p></section>'
    )


def holdings(overview: Overview, language: str) -> str:
    """Say how many articles there are, and from when to when those with a day were published."""
    held = say("count", language, overview.articles)
    if not (overview.first and overview.last):
        return held
    first, last = day_text(overview.first, language), day_text(overview.last, language)
    period = say("period", language, first, last) if first != last else first
    if overview.dated < overview.articles:
        period = say("dated", language, overview.dated, period)
    return f"{held} · {period}"


def chat_html(language: str) -> str:
    """Render the empty chat: its log, and the shapes of a turn, of a failure and of a reason.

    It holds no text of a person or an article: Gradio reads it as a template.
    """
    edit = _button("edit", language)
    return f"""<div class="chat empty">
<div class="log" role="log" aria-label="{say("conversation", language)}" tabindex="0"></div>
<template class="turn-shape"><article class="turn">
<div class="asked"><p dir="auto"></p>{edit}</div>
<p class="within"></p>
<div class="outcome"><div class="jawab waiting" role="status"><span class="dots" aria-hidden="true"></span>
<p dir="auto">{say("waiting", language)}</p>
<button type="button" class="quiet" data-do="stop">{say("stop", language)}</button></div></div>
<div class="next"></div></article></template>
<template class="failure-shape"><div class="jawab error"><p dir="auto"></p>
<button type="button" class="quiet" data-do="again">{say("again", language)}</button></div></template>
<template class="reason-shape"><form class="reason"><label>{say("reason", language)}
<textarea rows="2" maxlength="1000" dir="auto"></textarea></label>
<button type="submit">{say("send", language)}</button></form></template>
</div>"""


def reader_html(language: str) -> str:
    """Render the place where a cited article is read: beside a chat when wide, over it when narrow."""
    return (
        f'<dialog class="jawab reader" aria-label="{say("reader", language)}">'
        f'{_button("close", language)}<div class="reader-body"></div></dialog>'
    )


def scope_html(publishers: Sequence[str], language: str) -> str:
    """Render the choice of publishers and days that a question is asked of."""
    choices = "".join(
        f'<label class="choice"><input type="checkbox" name="publisher" value="{safe(name)}"> '
        f"<bdi>{name_text(name)}</bdi></label>"
        for name in publishers
    )
    named = f"<fieldset><legend>{say('publishers', language)}</legend>{choices}</fieldset>" if choices else ""
    days = "".join(
        f'<label class="day">{say(name, language)} <input type="date" name="{name}"></label>'
        for name in ("since", "until")
    )
    return (
        f'<details class="jawab scope"><summary>{say("scope", language)}'
        '<span class="chosen"></span></summary>'
        f'<form>{named}<div class="days">{days}'
        f'<button type="reset" class="quiet">{say("everywhere", language)}</button></div>'
        f'<p class="hint">{say("undated", language)}</p></form></details>'
    )


_LABELS = {"new": "new_chat"}


def _button(name: str, language: str) -> str:
    label = say(_LABELS.get(name, name), language)
    opens = ' aria-expanded="false" aria-controls="chats-menu"' if name == "chats" else ""
    return (
        f'<button type="button" class="tool" data-do="{name}" aria-label="{label}" title="{label}"{opens}>'
        f"{icon(name)}</button>"
    )


def page_texts(language: str) -> dict[str, str]:
    """Return the few texts that the page needs between two answers; "%s" stands for a number."""
    names = (
        *("searching", "queue", "busy", "stopped", "failed", "copied", "not_kept", "next", "no_chats"),
        *("limited", "since", "until"),
    )
    return {name: say(name, language, "%s") for name in names}
