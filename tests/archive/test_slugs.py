"""A slug belongs to one name, for ever."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.archive import Archive
from newscrawl.archive.database import Database


def test_a_name_keeps_its_slug(archive: Archive) -> None:
    assert archive.claim_slug("甲报", "jiabao") == "jiabao"
    assert archive.claim_slug("甲报", "other") == "jiabao"


def test_asking_for_a_slug_claims_none(archive: Archive) -> None:
    assert archive.slug_of("甲报") is None
    archive.claim_slug("甲报", "jiabao")
    assert archive.slug_of("甲报") == "jiabao"


def test_C4_another_name_gets_the_next_number(archive: Archive) -> None:
    assert archive.claim_slug("甲报", "jiabao") == "jiabao"
    assert archive.claim_slug("假报", "jiabao") == "jiabao_2"
    assert archive.claim_slug("佳报", "JIABAO") == "JIABAO_3"
    assert archive.claim_slug("假报", "jiabao") == "jiabao_2"


def test_a_slug_that_looks_like_a_number_is_not_given_twice(archive: Archive) -> None:
    assert archive.claim_slug("甲", "a_2") == "a_2"
    assert archive.claim_slug("乙", "a") == "a"
    assert archive.claim_slug("丙", "a") == "a_3"


def test_slugs_outlive_the_process(path: Path) -> None:
    for _ in range(2):
        with Archive.open(path) as archive:
            archive.claim_slug("甲", "a")
            assert archive.claim_slug("乙", "A") == "A_2"


def test_letters_beyond_ascii_fold_too(archive: Archive) -> None:
    assert archive.claim_slug("一", "caf\u00e9") == "caf\u00e9"
    assert archive.claim_slug("二", "CAF\u00c9") == "CAF\u00c9_2"
    assert archive.claim_slug("三", "cafe\u0301") == "cafe\u0301_3"


def test_S5_a_suffix_stays_within_the_length(archive: Archive) -> None:
    long = "·" * 50
    assert archive.claim_slug("甲", long) == long
    assert archive.claim_slug("乙", long) == "·" * 49 + "_2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claims=st.lists(st.tuples(st.text(min_size=1, max_size=3), st.sampled_from(["a", "A", "a_2"])))
)
def test_S5_no_two_names_share_a_slug(archive: Archive, claims: list[tuple[str, str]]) -> None:
    """In one archive for all examples: more claims make the rule only harder to keep."""
    slugs = {name: archive.claim_slug(name, slug) for name, slug in claims}
    assert len({slug.lower() for slug in slugs.values()}) == len(slugs)
    assert {name: archive.claim_slug(name, "x") for name in slugs} == slugs


def test_of_two_that_give_one_name_its_slug_at_once_the_first_ones_stays(
    archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Database.transaction

    def late(database: Database) -> AbstractContextManager[None]:
        monkeypatch.setattr(Database, "transaction", real)
        with Archive.open(path) as other:
            other.claim_slug("甲报", "jiabao")
        return real(database)

    monkeypatch.setattr(Database, "transaction", late)
    assert archive.claim_slug("甲报", "other") == "jiabao"
