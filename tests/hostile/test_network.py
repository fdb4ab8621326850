"""Groups A to C of the fault catalogue, crawled for real: one hostile server, one run."""

import pytest

from newscrawl.exit_codes import ExitCode
from tests.hostile.crawling import Ended, crawl

FAULTS = (
    ("", "ok", "new()"),
    ("H03", "silent", "failed(timeout)"),
    ("H04", "drip", "failed(timeout)"),
    ("H05", "truncated", "failed(truncated)"),
    ("H06", "broken-chunks", "failed(truncated)"),
    ("H07", "reset", "failed(truncated)"),
    ("H08", "endless", "failed(too_large)"),
    ("H09", "ten-gigabytes", "failed(too_large)"),
    ("H56", "long-line", "failed(too_large)"),
    ("H10", "gzip-bomb", "failed(too_large)"),
    ("H11", "brotli-bomb", "failed(too_large)"),
    ("H11", "deflate-bomb", "failed(too_large)"),
    ("H14", "bad-status", "failed(connection)"),
    ("H14", "huge-header", "failed(connection)"),
    ("H15", "empty", "failed(empty)"),
    ("H16", "no-content", "failed(http_204)"),
    ("H16", "partial", "failed(http_206)"),
    ("H18", "not-modified", "failed(http_304)"),
    ("H19", "missing", "gone(http_404)"),
    ("H19", "gone", "gone(http_410)"),
    ("", "forbidden", "blocked(forbidden)"),
    ("", "broken", "failed(http_500)"),
    ("H23", "to-plain-http", "failed(redirect_downgrade)"),
    ("H25", "loop", "failed(redirects)"),
    ("H29", "to-file", "failed(redirect_unsafe)"),
    ("H30", "to-other-site", "failed(redirect_offsite)"),
    ("H32", "picture", "new()"),
    ("H34", "cookie", "new()"),
    ("H35", "odd-header", "new()"),
    ("H73", "to-login", "blocked(login)"),
    ("H88", "to-home", "gone(redirected_home)"),
    ("H127", "raises", "failed(bug)"),
)
"""Case of the fault catalogue, path on the hostile server, and how its entry must end."""
PATHS = [path for _, path, _ in FAULTS]
HOSTS = ("r500", "r404", "r403", "rhtml", "rclosed", "rus", "rodd", "rmoved", "rsilent")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """One run over the whole catalogue, articles that answer between those that do not."""
    urls = []
    for number, path in enumerate([*PATHS, "double-gzip", "false-gzip", "to-loopback"]):
        urls += [f"https://www.fault.test/{path}", f"https://www.fault.test/ok?n={number}"]
    urls += [f"https://{host}.fault.test/ok?host={host}" for host in HOSTS]
    urls += [
        "https://www.fault.test:6379/ok",
        "https://127.0.0.1/ok",
        "https://www.fault.test/to-article",
    ]
    return crawl(tmp_path_factory.mktemp("faults"), urls)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [pytest.param(path, end, id=f"{case}_{path}".strip("_")) for case, path, end in FAULTS],
)
def test_every_fault_ends_in_its_own_outcome(ended: Ended, path: str, outcome: str) -> None:
    assert ended.of(path) == outcome


def test_H12_H13_odd_content_encodings_are_failures_or_read_never_a_crash(ended: Ended) -> None:
    assert ended.of("double-gzip") in {"new()", "failed(type)"}
    assert ended.of("false-gzip").startswith(("failed", "new"))


def test_H26_a_redirect_to_loopback_is_not_followed(ended: Ended) -> None:
    assert ended.of("to-loopback") == "failed(redirect_offsite)"
    assert not any(key.endswith("/secret") for key in ended.seen)


def test_H32_pictures_are_linked_to_and_never_asked_for(ended: Ended) -> None:
    assert not any("secret" in path for path in ended.seen)


def test_H34_cookies_and_the_like_are_never_sent(ended: Ended) -> None:
    assert ended.told["user-agent"] > 50
    assert not ended.told.keys() & {"cookie", "authorization", "referer", "proxy-authorization"}


def test_H33_an_odd_port_is_refused(ended: Ended) -> None:
    assert ended.outcomes["https://www.fault.test:6379/ok"] == "skipped(unsafe_url)"


@pytest.mark.parametrize("host", ["r404", "r403", "rhtml", "rodd"])
def test_H36_H38_H39_no_rules_mean_allowed(ended: Ended, host: str) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "new()"


@pytest.mark.parametrize("host", ["r500", "rsilent"])
def test_H24_H37_an_unreachable_robots_txt_closes_the_host_for_this_run(
    ended: Ended, host: str
) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "pending()"
    assert ended.failures[f"{host}.fault.test"].startswith("robots_unreachable (")
    assert f"{host}.fault.test/ok" not in ended.seen


@pytest.mark.parametrize("host", ["rclosed", "rus", "rmoved"])
def test_H40_H42_a_disallow_is_obeyed_by_our_name_and_through_a_redirect(
    ended: Ended, host: str
) -> None:
    assert ended.outcomes[f"https://{host}.fault.test/ok?host={host}"] == "skipped(robots)"


def test_H127_a_bug_in_one_page_is_told_once_and_stops_nobody(ended: Ended) -> None:
    assert ended.log.count("Traceback") == 1
    assert sum(outcome == "new()" for outcome in ended.outcomes.values()) > 30


def test_the_run_ends_as_one_that_a_person_should_look_at(ended: Ended) -> None:
    assert ended.exit_code == ExitCode.LOOK
