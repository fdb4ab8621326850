"""Cost of one article page against its size and its depth, beside only building its tree.

Pages of six shapes, by the rules of a source and by the general ones. What grows faster than
its page shows as a ratio that rises along a row. ``refused`` is the outcome of a page that
``cleaning.markup`` or the extraction turns down; its time is that of saying so.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import process_time

from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.markup import PLAIN_TREE
from newscrawl.extraction.generic import extract_generic
from newscrawl.extraction.page import Page
from newscrawl.outcomes import Ended
from newscrawl.spiders.registry import spiders

KILOBYTES = (10, 30, 100, 300, 1_000, 3_000, 5_000)
DEPTHS = (10, 30, 100, 300, 1_000, 3_000, 5_000, 9_000)
ROUNDS = 3
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ADDRESS = "https://finance.sina.com.cn/roll/2026-11-21/doc-inaaaaaa1234567.shtml"

SENTENCE = "本报记者获悉，港口运营方表示，土地成交面积小幅回升，短期资金面保持宽松。"
FRAME = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>港口运营方公布上半年成交情况</title>'
    '</head><body><h1 class="main-title">港口运营方公布上半年成交情况</h1>'
    '<div class="date-source"><span class="date">2026年11月21日 10:00</span>'
    '<span class="source">某报</span></div><div id="artibody">{body}</div></body></html>'
)

SHAPES: Mapping[str, str] = {
    "paragraphs": f"<p>　　{SENTENCE}</p>\n",
    "links": '<li><a href="/a/1.html" title="港口">港口运营方公布成交情况</a></li>\n',
    "lines": f"{SENTENCE}<br>\n",
    "pictures": '<p><img src="//a.example.com/1.jpg" data-src="2.jpg" alt="图"></p><p>图说。</p>\n',
    "cells": "<table><tr><td>港口<td>运营方，公布。<tr><td>一<td>二</table>\n",
    "unclosed": f"<p><font color=red><b>{SENTENCE}\n",
}
"""What a page of each shape repeats until it has its size."""

NESTED: Mapping[str, tuple[str, str]] = {
    "div": ("<div>", "</div>"),
    "span": ("<span class=a>", "</span>"),
    "list": ("<ul><li>", "</li></ul>"),
    "table": ("<table><tr><td>", "</td></tr></table>"),
    "quote": ("<blockquote><p>甲，乙。</p>", "</blockquote>"),
    "unclosed": ("<section>", ""),
    "links": ('<div><a href="/b">甲</a>', "</div>"),
}
"""What stands around the text of a page, one in another."""

READERS: Mapping[str, Callable[[Page], object]] = {
    "source": spiders()["sina_finance"].parse_article,
    "generic": extract_generic,
}


def of_size(shape: str, kilobytes: int) -> bytes:
    """Return a page of about this size, UTF-8."""
    unit = SHAPES[shape]
    times = kilobytes * 1024 // len(unit.encode()) + 1
    return FRAME.format(body=f"<p>{SENTENCE}</p>{unit * times}").encode()


def of_depth(shape: str, depth: int) -> bytes:
    """Return a page with elements this deep in one another, UTF-8."""
    start, end = NESTED[shape]
    return FRAME.format(body=f"{start * depth}<p>{SENTENCE}</p>{end * depth}").encode()


def measure(read: Callable[[Page], object], body: bytes) -> dict[str, object]:
    """Return milliseconds to read a page, those to build its tree, and their ratio."""
    outcome, whole, tree = "read", [], []
    for _ in range(ROUNDS):
        begun = process_time()
        try:
            read(Page(ADDRESS, body, NOW))
        except Ended as ended:
            outcome = f"refused: {ended.reason}"
        whole.append(process_time() - begun)
        begun = process_time()
        LexborHTMLParser(body.decode(), options=PLAIN_TREE)
        tree.append(process_time() - begun)
    return {
        "kilobytes": round(len(body) / 1024, 1),
        "extract_and_clean_ms": round(min(whole) * 1000, 2),
        "tree_alone_ms": round(min(tree) * 1000, 2),
        "ratio": round(min(whole) / max(min(tree), 1e-6), 2),
        "outcome": outcome,
    }


def main(
    kilobytes: tuple[int, ...] = KILOBYTES, depths: tuple[int, ...] = DEPTHS
) -> dict[str, object]:
    """Measure every shape at every size and depth; a row says what it is of."""
    rows: list[dict[str, object]] = []
    for reader, read in READERS.items():
        for shape in SHAPES:
            for size in kilobytes:
                made = measure(read, of_size(shape, size))
                rows.append({"reader": reader, "grows": "size", "shape": shape, **made})
        for shape in NESTED:
            for depth in depths:
                made = measure(read, of_depth(shape, depth))
                row = {"reader": reader, "grows": "depth", "shape": shape, "depth": depth}
                rows.append({**row, **made})
    return {"rows": rows}


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
