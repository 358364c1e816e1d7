"""What the tests in a browser share: whether there is one, how wide it is, and how a person asks."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium")
_THERE = CHROMIUM is not None and importlib.util.find_spec("playwright") is not None
WITH_BROWSER = pytest.mark.skipif(
    os.environ.get("JAWAB_BROWSER") != "required" and not _THERE,
    reason="needs: apt-get install chromium; pip install playwright",
)
WIDE, PHONE = 1440, 360
PATIENCE = 120_000
"""Milliseconds: a machine that does other things as well is slow, not wrong."""


def ask(page, question, kind=".answered"):
    """Type a question, press Enter, and return the last message of the kind that comes."""
    before = page.locator(kind).count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    message = page.locator(kind).nth(before)
    message.wait_for()
    return message


def is_inside(inner, outer):
    """Whether the inner box stands within the outer box on the screen, at least its top."""
    return outer["y"] <= inner["y"] < outer["y"] + outer["height"]


def places(element, *words):
    """The x of the left edge of each word in the text of an element, on the screen."""
    return element.evaluate(
        """(element, words) => words.map(word => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let text; (text = walker.nextNode());) {
            const at = text.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + word.length);
            return range.getBoundingClientRect().x;
          }
        })""",
        list(words),
    )
