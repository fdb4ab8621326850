"""No change may make the hot ways slower unseen; and every gate can close."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from benchmarks.gates import GATES, Gate
from newscrawl.archive import Archive, Discovery, Found, warc
from newscrawl.cleaning.markup import check_markup
from newscrawl.export.jekyll import Jekyll
from newscrawl.importing import reader

BY_NAME = {gate.name: gate for gate in GATES}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_gate_is_open(gate: Gate) -> None:
    figure = gate.measure()
    assert figure <= gate.limit, f"{gate.name}: {figure:.2f} {gate.unit}, at most {gate.limit}"


def look_at_each_character(patch: pytest.MonkeyPatch, _: Path) -> None:
    """A check of the mark-up that goes through the page in Python."""
    real = check_markup

    def slow(text: str) -> None:
        for character in text[:2_000]:
            character.isspace()
        real(text)

    patch.setattr("newscrawl.extraction.page.check_markup", slow)


def parse_again(patch: pytest.MonkeyPatch, _: Path) -> None:
    """A tree for each of those who read the page."""
    real = LexborHTMLParser

    def several(markup: Any, **options: Any) -> Any:
        return [real(markup, **options) for _ in range(5)][-1]

    patch.setattr("newscrawl.extraction.page.LexborHTMLParser", several)


def discover_row_by_row(patch: pytest.MonkeyPatch, _: Path) -> None:
    """A transaction for every row of a listing."""
    real = Archive.discover

    def each(self: Archive, run: int, source: str, section: str, rows: Sequence[Found], at: Any,
             **options: Any) -> list[Discovery]:  # fmt: skip
        return [real(self, run, source, section, [row], at, **options) for row in rows]

    patch.setattr(Archive, "discover", each)


def look_before_storing(patch: pytest.MonkeyPatch, _: Path) -> None:
    """A look at what is there, before the store that looks itself."""
    real = Archive.store

    def slow(self: Archive, run: int, section: str, url_hash: str, *rest: Any, **o: Any) -> Any:
        for _ in range(3):
            self.article(url_hash)
        return real(self, run, section, url_hash, *rest, **o)

    patch.setattr(Archive, "store", slow)


def twice(owner: Any, name: str) -> Callable[[pytest.MonkeyPatch, Path], None]:
    """Return the slow-down that does a part of the work two times."""

    def slow_down(patch: pytest.MonkeyPatch, _: Path) -> None:
        real = getattr(owner, name)

        def both(*arguments: Any, **options: Any) -> Any:
            real(*arguments, **options)
            return real(*arguments, **options)

        patch.setattr(owner, name, both)

    return slow_down


def look_at_every_article(patch: pytest.MonkeyPatch, _: Path) -> None:
    """An export that reads what it has already written."""
    real = Archive.articles
    patch.setattr(Archive, "articles", lambda self, where, **_: real(self, where))


def import_more(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A start that loads what only some commands need."""
    (folder / "sitecustomize.py").write_text("import PIL.Image, scrapy\n", encoding="utf-8")
    patch.setenv("PYTHONPATH", str(folder))


SLOW_DOWNS = {
    "reading a page": look_at_each_character,
    "reading over its tree": parse_again,
    "a new listing row": discover_row_by_row,
    "a known listing row": discover_row_by_row,
    "storing an article": look_before_storing,
    "storing in Python": look_before_storing,
    "keeping a raw page": twice(warc, "members"),
    "a new post": twice(Jekyll, "render"),
    "an unchanged post": look_at_every_article,
    "an imported post": twice(reader, "plain_body"),
    "starting": import_more,
}


def test_every_gate_has_a_slow_down_that_closes_it() -> None:
    assert SLOW_DOWNS.keys() == BY_NAME.keys()


@pytest.mark.parametrize("name", SLOW_DOWNS)
def test_a_slow_down_closes_its_gate(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = BY_NAME[name]
    SLOW_DOWNS[name](monkeypatch, tmp_path)
    assert gate.measure() > gate.limit
