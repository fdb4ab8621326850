"""The tree of a page is that of its text, however it came to be."""

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.extraction.page import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = "<!DOCTYPE html><title>题</title><p class=甲>港口运营方，公布成交情况。</p>" * 20


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/html; charset=gbk"),
        (TEXT.encode("gb18030"), "text/html; charset=gbk"),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        ((TEXT + "\ufffd</p>").encode(), ""),  # the publisher's own
        (TEXT.encode() + b"\xe6\xb8", ""),  # a character cut off
        (TEXT.encode() + b"\xe6\xb8</p>", ""),  # and a bad one
        (TEXT.encode() + "港".encode(), ""),
        (b"<p>plain</p>", ""),
        (b"", ""),
    ],
)
def test_the_tree_is_that_of_the_text(body: bytes, content_type: str) -> None:
    page = Page("https://www.example.com/a", body, NOW, content_type)
    assert page.tree.html == LexborHTMLParser(page.text).html
    assert page.tree.text() == LexborHTMLParser(page.text).text()
