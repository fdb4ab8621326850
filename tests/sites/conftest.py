"""The site of a test class: the corpus, exported and built once for all its tests."""

import pytest

from tests.sites.checks import Built, SiteChecks, Wrong
from tests.sites.corpus import corpus


@pytest.fixture(scope="class")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    checks: SiteChecks = request.cls()
    return checks.build(tmp_path_factory.mktemp("site"), corpus())


@pytest.fixture(scope="class")
def wrong(request: pytest.FixtureRequest, built: Built) -> Wrong:
    """All that is wrong on all pages, compared once."""
    checks: SiteChecks = request.cls()
    reports: dict[str, list[str]] = {}
    for each, what, (found, expected) in checks.wrong(built):
        report = f"{found!r}\nmust be {expected!r}\nof {built.corpus.told(each)}"
        reports.setdefault(what, []).append(report)
    return reports
