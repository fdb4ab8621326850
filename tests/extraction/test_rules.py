"""Rules find values by preference."""

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.extraction.rules import Places, Rule, candidates, every, first

PAGE = LexborHTMLParser(
    """<meta name="media" content=" 某报 "><h1></h1><h1> 标题<b>二</b> </h1>
    <p class="t"><i>2005.08.26</i><i>05:39</i></p>
    <p class="who">编辑：甲</p><p class="who">作者：乙</p><a>丙</a><a> </a><a>丁</a>"""
)


def test_the_first_value_that_is_not_empty_wins_with_its_rule() -> None:
    rules = (Rule(".none"), Rule("h1", name="heading"), Rule("p"))
    assert first(PAGE, rules) == ("标题二", rules[1])
    assert first(PAGE, rules[:1]) is None


def test_an_attribute_may_hold_the_value() -> None:
    assert every(PAGE, (Rule("meta[name=media]", "content"),)) == ["某报"]
    assert every(PAGE, (Rule("meta[name=media]", "lang"),)) == []


def test_a_pattern_chooses_among_matches_and_takes_its_group() -> None:
    assert every(PAGE, (Rule(".who", pattern=r"作者：(.+)"),)) == ["乙"]
    assert every(PAGE, (Rule(".who", pattern="作者"),)) == ["作者"]


def test_neighbouring_texts_are_joined_as_the_rule_says() -> None:
    assert every(PAGE, (Rule(".t", join=" "),)) == ["2005.08.26 05:39"]


def test_candidates_come_in_order_of_rules_then_of_the_page() -> None:
    found = [value for value, _ in candidates(PAGE, (Rule("a"), Rule(".who")))]
    assert found == ["丙", "丁", "编辑：甲", "作者：乙"]


@pytest.mark.parametrize("text", ["作者" * 100_000, " " * 200_000, "(" * 200_000])
def test_H66_a_pattern_sees_only_the_beginning_of_a_long_text(text: str) -> None:
    tree = LexborHTMLParser(f"<p>{text}</p>")
    started = time.perf_counter()
    every(tree, (Rule("p", pattern=r"^\s*作者\s*[:：]\s*(.+)\s*$"),))
    assert time.perf_counter() - started < 0.05


def test_only_the_first_place_is_looked_into() -> None:
    page = LexborHTMLParser("<b>甲</b><div><b>乙</b><b>丙</b></div><div><b>丁</b></div>")
    assert every(page, (Rule("b", within="div"),)) == ["乙", "丙"]
    assert first(page, (Rule("b", within="section"), Rule("b", within="div"))) == (
        "乙",
        Rule("b", within="div"),
    )
    assert first(page, (Rule("i", within="div"),)) is None


@pytest.mark.parametrize("before", ["", "<h1>题</h1>", "甲"])
def test_metas_are_found_wherever_the_page_puts_them(before: str) -> None:
    """What a head may not hold ends it, and what follows is part of the body."""
    page = LexborHTMLParser(
        f"<head><meta name=a content=1>{before}<meta name=b content=2><meta name=a content=3>"
    )
    places = Places(page)
    for name, expected in (("a", ["1", "3"]), ("b", ["2"]), ("c", [])):
        rules = (Rule(f'meta[name="{name}"]', "content"),)
        assert every(page, rules, places) == expected
        assert [value for value, _ in candidates(page, rules, places)] == expected
        assert first(page, rules, places) == first(page, rules)


def test_a_place_is_looked_for_once_until_it_is_forgotten() -> None:
    page = LexborHTMLParser("<div>甲</div><p><b>乙</b></p>")
    places = Places(page)
    rules = (Rule("div"), Rule("b", within="p"))
    assert every(page, rules, places) == ["甲", "乙"]
    assert [value for value, _ in candidates(page, rules, places)] == ["甲", "乙"]
    assert places.first("p") is places.first("p")
    for node in page.css("div, p"):
        node.decompose()
    assert places.first("p") is not None
    places.forget()
    assert places.first("p") is None
    assert first(page, rules, places) is None
