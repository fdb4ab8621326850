"""The site of a test class: the corpus, exported and built once for all its tests."""

import pytest

from tests.sites.checks import Built, SiteChecks


@pytest.fixture(scope="class")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    checks: SiteChecks = request.cls()
    return checks.build(tmp_path_factory.mktemp("site"))
