"""Groups A, C and F measured at the server: what a site that wants peace is spared."""

import socket
from pathlib import Path

import pytest

from newscrawl.exit_codes import ExitCode
from newscrawl.middlewares.politeness import MOST_PAUSES
from newscrawl.spiders.watch import SAME_PAGE
from tests.hostile.crawling import crawl

WWW = "https://www.fault.test"


def test_H01_where_nothing_listens_the_site_is_unreachable_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        via = f"http://127.0.0.1:{closed.getsockname()[1]}"
        ended = crawl(tmp_path, [f"{WWW}/ok"], via=via)
    assert ended.exit_code == ExitCode.PARTIAL
    assert ended.failures == dict.fromkeys(("www.fault.test", "a"), "robots_unreachable (connect)")
    assert ended.log == ""


def test_H20_a_host_that_asks_to_wait_is_left_alone_for_so_long(tmp_path: Path) -> None:
    host = "busy.fault.test"
    ended = crawl(tmp_path, [f"https://{host}/later", f"{WWW}/ok?1"])
    assert ended.outcomes == {f"https://{host}/later": "new()", f"{WWW}/ok?1": "new()"}
    robots_refused, refused_again = ended.gaps(host)
    assert robots_refused < 1 <= refused_again < 3


def test_H21_a_storm_of_503_ends_the_host_and_not_the_others(tmp_path: Path) -> None:
    storm = [f"https://weak.fault.test/storm?{number}" for number in range(60)]
    calm = [f"{WWW}/ok?{number}" for number in range(20)]
    settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    ended = crawl(tmp_path, [*storm, *calm], settings)
    assert all(ended.outcomes[url] == "new()" for url in calm)
    # Beside these only what was on its way already: CONCURRENT_REQUESTS.
    assert ended.seen["weak.fault.test/storm"] <= MOST_PAUSES + 16
    assert ended.failures["weak.fault.test"] == "overloaded"
    assert sum(ended.outcomes[url] == "pending()" for url in storm) >= len(storm) - MOST_PAUSES
    assert ended.exit_code == ExitCode.PARTIAL


def test_H21_a_site_that_fails_whatever_is_asked_is_left_alone(tmp_path: Path) -> None:
    broken = [f"{WWW}/broken?{number}" for number in range(200)]
    ended = crawl(tmp_path, broken, {"RETRY_ENABLED": False})
    assert ended.seen["www.fault.test/broken"] < len(broken)
    assert ended.exit_code == ExitCode.LOOK
    assert "failed in a row" in ended.failures["faulty"]


def test_H43_the_delay_is_kept_for_each_host_as_its_server_sees_it(tmp_path: Path) -> None:
    urls = [f"https://{host}.fault.test/ok?{number}" for number in range(4) for host in "ab"]
    delay = 0.2
    settings = {"DOWNLOAD_DELAY": delay, "CONCURRENT_REQUESTS_PER_DOMAIN": 2}
    ended = crawl(tmp_path, urls, settings)
    assert set(ended.outcomes.values()) == {"new()"}
    for host in ("a.fault.test", "b.fault.test"):
        assert len(ended.times[host]) == 5  # robots.txt is a request like any other
        assert min(ended.gaps(host)) > 0.9 * delay
    # The hosts do not wait for one another.
    assert ended.times["b.fault.test"][0] < ended.times["a.fault.test"][-1]


def test_H75_one_page_in_the_place_of_many_articles_is_a_wall(tmp_path: Path) -> None:
    urls = [f"{WWW}/wall?{number}" for number in range(30)]
    ended = crawl(tmp_path, urls)
    stored = [url for url in urls if ended.outcomes[url] == "new()"]
    assert len(stored) < SAME_PAGE
    assert "blocked(same_page)" in ended.outcomes.values()
    assert ended.exit_code == ExitCode.LOOK
    assert ended.seen["www.fault.test/wall"] < len(urls)


def test_a_run_that_stops_does_not_wait_for_a_host_that_is_paused(tmp_path: Path) -> None:
    paused = [f"https://busy.fault.test/tomorrow?{number}" for number in range(4)]
    walls = [f"{WWW}/forbidden?{number}" for number in range(9)]
    ended = crawl(tmp_path, [*paused, *walls])  # which must end within a minute
    assert {ended.outcomes[url] for url in paused} == {"pending()"}
    assert ended.failures == {"faulty": "left alone after blocked in a row"}
    assert ended.exit_code == ExitCode.LOOK


@pytest.mark.parametrize("path", ["reset", "forbidden"])
def test_a_later_run_asks_again_for_what_failed_or_was_blocked(tmp_path: Path, path: str) -> None:
    url = f"{WWW}/{path}"
    for _ in range(2):
        assert crawl(tmp_path, [url]).seen[f"www.fault.test/{path}"] >= 1
