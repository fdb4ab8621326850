"""Lines of ``jsonl`` posts: an article each, or a file that is not taken."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.identity.identities import hash_url
from newscrawl.importing import Broken, Reason
from newscrawl.importing.jsonl import read_lines

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LINE = {
    "source": "sina_finance",
    "identity": "sina:a",
    "url": "https://example.com/a",
    "url_hash": hash_url("https://example.com/a"),
    "title": "标题",
    "published_at": "2022-01-21T16:30:05+08:00",
    "body_html": "<p>正文。</p>",
    "body_text": "正文。",
    "sections": ["china", "stock"],
}


def put(folder: Path, *lines: Mapping[str, object]) -> Path:
    path = folder / "2022-01-21.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_a_line_is_an_article_with_its_sections(tmp_path: Path) -> None:
    (post,) = read_lines(put(tmp_path, LINE), now=NOW)
    assert (post.article.title, post.article.body_text) == ("标题", "正文。")
    assert (post.section, post.further) == ("china", ("stock",))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "", "line 2: it says no identity, title or time"),
        ("body_html", "", "line 2: article without body_html"),
        ("url_hash", "ab", "line 2: not a SHA-256 in hex"),
        ("published_at", "yesterday", "line 2: Invalid RFC3339"),
    ],
)
def test_a_line_that_is_no_whole_article_is_told_with_its_number(
    tmp_path: Path, field: str, value: str, told: str
) -> None:
    path = put(tmp_path, LINE, {**LINE, field: value})
    with pytest.raises(Broken) as end:
        read_lines(path, now=NOW)
    assert end.value.reason is Reason.NO_POST
    assert end.value.detail.startswith(told)
