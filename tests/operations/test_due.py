"""When a source is due."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.config import Config, ConfigError, parse_config
from newscrawl.operations.due import interval, not_due
from tests.cli.conftest import FIRST

EVERY = parse_config('[crawl]\nevery = "10m"\n[sources.eastmoney]\nevery = "2h"')


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive whose sources were crawled at ``FIRST``, and partly later."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as store:
        for source in ("sina_finance", "eastmoney"):
            store.begin_run(source, {}, FIRST)
            later = FIRST + timedelta(minutes=30)
            store.begin_run(source, {"sections": ["china"]}, later)
            store.begin_run(source, {"command": "reextract"}, later)
            store.begin_run(source, {"recrawl": True}, later)
    return path


def waiting(archive: Path, config: Config, minutes: int) -> dict[str, datetime]:
    at = FIRST + timedelta(minutes=minutes)
    return not_due(archive, ["sina_finance", "eastmoney"], config, at)


def test_a_source_of_its_own_interval_and_one_of_the_common_one() -> None:
    assert interval("sina_finance", EVERY) == timedelta(minutes=10)
    assert interval("eastmoney", EVERY) == timedelta(hours=2)
    assert interval("eastmoney", parse_config('[crawl]\nevery = "1d"')) == timedelta(days=1)
    assert interval("eastmoney", Config()) is None


def test_it_counts_from_the_start_of_the_last_whole_crawl(archive: Path) -> None:
    in_ten, in_two_hours = FIRST + timedelta(minutes=10), FIRST + timedelta(hours=2)
    both = {"sina_finance": in_ten, "eastmoney": in_two_hours}
    assert waiting(archive, EVERY, 9) == both
    assert waiting(archive, EVERY, 10) == {"eastmoney": in_two_hours}
    assert waiting(archive, EVERY, 120) == {}


def test_without_an_interval_or_a_crawl_everything_is_due(archive: Path) -> None:
    assert waiting(archive, Config(), 1) == {}
    assert waiting(archive.with_name("none.db"), EVERY, 1) == {}


@pytest.mark.parametrize("every", ["10", "0m", "m", "10 m", "1w", "-1h"])
def test_an_interval_is_checked(every: str) -> None:
    with pytest.raises(ConfigError, match="every"):
        parse_config(f'[crawl]\nevery = "{every}"')
