"""An archive, a folder, and exporters between them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newscrawl.archive import Archive
from newscrawl.export import (
    Exporter,
    Placement,
)
from tests.export.builders import PLACE, configured
from tests.export.folders import OpenSite


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "output" / "jekyll"


@pytest.fixture
def site(archive: Archive, out: Path) -> Iterator[OpenSite]:
    """Return a function that opens an exporter; all are closed in the end."""
    opened: list[Exporter] = []

    def open_site(
        dialect: str = "jekyll",
        folder: Path = out,
        place: Placement = PLACE,
        first_day: date | None = None,
        verbatim: bool = False,
        **config: Any,
    ) -> Exporter:
        while opened:
            opened.pop().close()
        opened.append(
            Exporter(
                archive,
                dialect,
                folder,
                place=lambda _: place,
                config=configured(**config),
                first_day=first_day,
                verbatim=verbatim,
            )
        )
        return opened[-1]

    yield open_site
    for exporter in opened:
        exporter.close()
