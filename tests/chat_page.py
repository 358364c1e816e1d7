"""What the tests of the chat page share: an assistant that says what it is told to, and a page served."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import app
from corpus.article import Article
from index.passage import Hit, Passage
from index.revisions import Listed
from qa.collection import Overview
from qa.messages import abstention, answer_message
from qa.records import Answer, Citation

QUOTE = "احتضنت ليون يومي 3 و4 شتنبر الاجتماع الثامن."
LYON = Article(
    id="lyon",
    title="الاجتماع الثامن ينعقد في ليون",
    text=f"تمهيد في 2030 عن Jean-Pierre Martin.\n\n{QUOTE}\n\nخاتمة قصيرة.",
    source="lyon.md",
    publisher="جواب",
)
HOSTILE = (
    "قال <script>document.title='x'</script> و<img src=x onerror=\"document.title='y'\"> "
    "و<iframe src='//a.b'> و**نجوم** و$$x^2$$ و{{value}} و${value} و[رابط](javascript:alert(1)) "
    "و\u202eABC\u2069\u2069 ثم & &lt; انتهى"
)


def answer(article=LYON, quote=QUOTE, span="3 و4 شتنبر", language="ar"):
    """An answer whose words are `span`, proved by `quote` in `article`."""
    start = article.text.index(quote)
    citations = (Citation(1, article, start, start + len(quote)),)
    message = answer_message([(span, citations)], language)
    return Answer("متى؟", span, (span,), citations, 0.9, language, message)


def silence(language="ar"):
    """An answer that abstains, with a passage of the Lyon article as the closest."""
    return Answer("؟", None, (), (), 0.1, language, abstention(language), (Hit(Passage(LYON, 0, 20), 0.4),))


class Scripted:
    """An assistant that gives or raises what its function returns, and keeps what it was asked."""

    def __init__(self, reply=lambda question: answer()):
        self.reply = reply
        self.asked = []

    def ask(self, question, *, history=(), within=None):
        self.asked.append((question, list(history), within))
        said = self.reply(question)
        if isinstance(said, Exception):
            raise said
        return said


class Shelf:
    """A collection that holds what it is told to, in memory."""

    def __init__(self, *articles, additions=()):
        self.held = {article.id: article for article in articles}
        self.additions = list(additions)

    def overview(self):
        publishers = tuple(sorted({a.publisher for a in self.held.values() if a.publisher}))
        days = sorted(a.published for a in self.held.values() if a.published)
        first, last = (days[0], days[-1]) if days else (None, None)
        return Overview(len(self.held), publishers, first, last, len(days))

    def articles(self, search=""):
        fields = ("id", "title", "source", "url", "publisher", "published")
        return [
            Listed(row=row, passages=2, **{name: getattr(article, name) for name in fields})
            for row, article in enumerate(self.held.values())
            if search in article.title
        ]

    def add(self, paths, *, progress=lambda *step: None):
        progress("read", 1, 2)
        said = self.additions.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    def add_text(self, text, *, title="", progress=lambda *step: None):
        return self.add([text], progress=progress)

    def delete(self, ids):
        for article_id in ids:
            self.held.pop(article_id)
        return len(ids)


class Proposing:
    """Suggestions that are always the same."""

    def __init__(self, examples=(), following=()):
        self._examples, self._following = tuple(examples), tuple(following)

    def examples(self, language="ar"):
        return self._examples

    def after(self, answer):
        return self._following


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(assistant, *, collection=None, suggestions=None, folder=Path(), port=None, mcp=False):
    """Serve the page on a free port; the value is its address."""
    port = port or free_port()
    product = app.Product(assistant, collection or Shelf(LYON), suggestions or Proposing(), folder)
    blocks = app.build_page(product)
    app.serve(blocks, "127.0.0.1", port, mcp=mcp)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        blocks.close(verbose=False)
