"""Marks are those that all selectors give when each is held against every element."""

import re
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.cleaning.marks import Mark, Marks, Selectors
from newscrawl.cleaning.noise import Noise
from newscrawl.spiders.registry import spiders

STANDARD, QUIRKS = "<!DOCTYPE html>", ""
NOISES = {name: spider.noise for name, spider in spiders().items()}
ODD = Noise(
    drop=(".x:not(p)", "a, b", "p > .y", "DIV[Class~=z i]", "*", "[t\\.u]", "i[k=v]", "#a.b"),
    unwrap=("span.c.d", "svg a[href]", "em", 'u[k|="v w"]', "u ~ u"),
    captions=("em", "p + p", "s[k$=e]"),
)
"""Selectors of kinds that no source has: a source may have them one day."""


def variants(value: str) -> Iterator[str]:
    """Yield spellings of a class or id, some of which mean the same."""
    yield from (value, value.upper(), f"x {value}\ty", f"x{value}", f"{value}x", "")
    yield "".join(f"&#{ord(letter)};" for letter in value)


def elements(css: str) -> Iterator[str]:
    """Yield start tags made of the names in a selector, of which some match it."""
    tags = re.findall(r"(?:^|[ >+~(,])([a-z]\w*)", css, re.IGNORECASE) or ["div"]
    words = [("class", name) for name in re.findall(r"\.([\w-]+)", css)]
    words += [("id", name) for name in re.findall(r"#([\w-]+)", css)]
    words += re.findall(r'\[([\w-]+)[*^$~|]?=?"?([^"\]]*)', css)
    for tag in {*tags, tags[-1].upper(), "p"}:
        yield f"<{tag}>"
        for name, value in words:
            for said in variants(value):
                yield f'<{tag} {name}="{said}">'
                yield f'<{tag} title=t {name.upper()}="{said}">'


def page(noise: Noise) -> str:
    """Return a body of such elements, each with another of them inside."""
    rules = (*noise.drop, *noise.unwrap, *noise.captions)
    starts = [start for css in rules for start in elements(css)]
    inner = [*starts[7:], *starts[:7]]
    return "".join(f"{a}一{b}二</div></p></div></p>" for a, b in zip(starts, inner, strict=True))


def of_all_selectors(noise: Noise, body: LexborNode) -> dict[int, Mark]:
    rules = ((noise.captions, Mark.CAPTION), (noise.unwrap, Mark.UNWRAP), (noise.drop, Mark.DROP))
    return {node.mem_id: mark for every, mark in rules for css in every for node in body.css(css)}


@pytest.mark.parametrize("doctype", [STANDARD, QUIRKS])
@pytest.mark.parametrize("noise", [*NOISES.values(), ODD, Noise()], ids=[*NOISES, "odd", "none"])
def test_every_element_has_the_mark_that_all_selectors_give(noise: Noise, doctype: str) -> None:
    svg = '<svg><a xlink:href="https://acttg.eastmoney.com/x">三</a></svg>'
    body = LexborHTMLParser(f"{doctype}<body>{page(noise)}{svg}").body
    assert body is not None
    expected = of_all_selectors(noise, body)
    assert bool(expected) == (noise != Noise())
    marks = Marks(Selectors(noise), [body])
    for node in body.traverse():
        attributes = node.attributes
        if node.tag in marks.tags or not marks.names.isdisjoint(attributes):
            marks.meet(node.tag or "", attributes)
        assert marks.found.get(node.mem_id) == expected.get(node.mem_id), node.html


def test_only_what_may_match_is_asked() -> None:
    marks = Marks(Selectors(Noise(drop=(".ad", "#ad", "font"))), [])
    assert (set(marks.tags), set(marks.names)) == (
        {"font"},
        {"class", "id", "xlink:class", "xlink:id"},
    )
    selectors = Selectors(Noise(drop=(".ad", "#ad", "font"), unwrap=("span[id*=stock_]",)))
    assert list(selectors.of("class", "BREAD")) == [0]
    assert list(selectors.of("id", "stock_1 AD")) == [1, 3]
    assert list(selectors.of("class", "x" * 1_000 + "ad")) == [0]
    assert list(selectors.of("class", None)) == []
