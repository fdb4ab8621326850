"""Front matter and body, whatever stands around and inside them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.importing import Broken, Reason
from newscrawl.importing.document import _composed, _flat, split, text_of


def test_values_stay_the_text_that_they_are() -> None:
    front = "a: 2022\nb: null\nc: 2022-01-22 00:30:05 +0800\nd: yes\ne: 1e3\nf: '  '\n"
    metadata, body = split(f"---\n{front}---\nText".encode())
    assert metadata == {
        "a": "2022",
        "b": "null",
        "c": "2022-01-22 00:30:05 +0800",
        "d": "yes",
        "e": "1e3",
        "f": "  ",
    }
    assert body.strip() == "Text"


@pytest.mark.parametrize(
    "content",
    ["\n---\na: b\n---\nText", "\ufeff---\na: b\n---\nText", "---\r\na: b\r\n---\r\nText"],
)
def test_H115_what_stands_before_the_front_matter_is_not_in_the_way(content: str) -> None:
    metadata, body = split(content.encode())
    assert (metadata, body.strip()) == ({"a": "b"}, "Text")


def test_H103_rules_in_the_body_stay_in_the_body() -> None:
    _, body = split(b"---\na: b\n---\n<p>x</p>\n---\n<p>y</p>\n---\n")
    assert body.count("---") == 2


def test_what_is_neither_text_nor_a_list_of_texts_says_nothing() -> None:
    metadata, _ = split(b"---\na: {b: c}\nd: [e, {f: g}, h]\n---\n")
    assert metadata == {"a": "", "d": ["e", "h"]}
    assert text_of(metadata, "d") == "e"
    assert text_of(metadata, "missing") == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\n", Reason.EMPTY),
        (b"---\ntitle: \xd6\xd0\n---\n", Reason.NOT_UTF8),
        (b"# Notes\n", Reason.NO_FRONT_MATTER),
        (b"---\ntitle: a\n", Reason.NO_FRONT_MATTER),
        (b'---\ntitle: "a "b" c"\n---\n', Reason.BAD_YAML),
        (b"---\ntitle: 'it's'\n---\n", Reason.BAD_YAML),
        (b"---\n- a\n---\n", Reason.BAD_YAML),
        (b"---\ntitle: a\x00b\n---\n", Reason.BAD_YAML),
        (b"---\n" + b"[" * 20_000 + b"\n---\n", Reason.BAD_YAML),
        (b"---\na: " + b"x" * 70_000 + b"\n---\n", Reason.BAD_YAML),
    ],
)
def test_what_is_no_document_says_why(content: bytes, reason: Reason) -> None:
    with pytest.raises(Broken) as end:
        split(content)
    assert end.value.reason is reason


_YAML = (
    *("a", "title", "b c", ": ", "\n", " ", "- ", "'", "''", '"', "&x ", "*x", "!!binary ", "!t "),
    *("<<", "{", "}", "[", "]", ", ", " #", "|", "\n---\n", "...", "null", "中文", "? ", "\t"),
    *("a: b\n", "c:\n - d\n - e\n", "k: [x, y]\n", "d: {e: f}\n", "&a a: &b c\n", "%YAML 1.1\n"),
)


@given(st.lists(st.sampled_from(_YAML), max_size=12).map("".join))
@example("a: b\nc:\n - d\n - 'e'\na: later\n")
def test_front_matter_of_texts_and_lists_is_read_as_its_tree_says(front: str) -> None:
    found = _flat(front)
    assert found is None or found == _composed(front)


def test_front_matter_as_sites_have_it_needs_no_tree() -> None:
    assert _flat("title: 甲\ncategories:\n - 乙\n - '丙'\ntags: [\"丁\"]\n") == {
        "title": "甲",
        "categories": ["乙", "丙"],
        "tags": ["丁"],
    }
    assert _flat("a: &x b\nc: *x\n") is None
