"""Fingerprints in the archive: made when asked for, kept true, looked up exactly."""

import random
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive import Archive
from newscrawl.archive import fingerprints as module
from newscrawl.archive.fingerprints import Near
from newscrawl.identity.fingerprints import WIDEST, distance, fingerprint
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.replica.text import Dice, sentence

from .builders import NOON, SOURCE, article, begin, found, identity, query

ROWS = "SELECT hex(url_hash), value FROM fingerprints ORDER BY 1"


def text(seed: object) -> str:
    """Return invented news that is long enough."""
    dice = Dice("archive", seed)
    return "".join(sentence(dice) for _ in range(8))


def store(archive: Archive, name: str, words: str, minutes: float = 0) -> Article:
    """Store an article, or a correction of it, as a run does."""
    at = NOON + timedelta(minutes=minutes)
    read = replace(article(name, words), published_at=at)
    run = begin(archive)
    archive.discover(run, SOURCE, "china", [found(name)], NOON, refetch=True)
    outcome = archive.store(run, "china", identity(name).url_hash, read)
    assert outcome in {Outcome.NEW, Outcome.UPDATED}
    return read


def make(archive: Archive) -> int:
    """Make what is due and return how many articles were read for it."""
    made = [archive.fingerprints.make(span) for span in archive.fingerprints.spans()]
    for each in made:
        archive.fingerprints.keep(each)
    return sum(len(each.rows) for each in made)


def value(archive: Archive, name: str) -> int | None:
    return archive.fingerprints.of(identity(name).url_hash)


def names(near: list[Near]) -> list[str]:
    return [each.url.rsplit("/", 1)[-1] for each in near]


@pytest.fixture
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPAN", 3)


class TestMaking:
    """What a crawl stores is due; what was made is not made again."""

    def test_a_crawl_makes_none(self, archive: Archive, path: Path) -> None:
        store(archive, "a", text(1))
        assert query(path, ROWS) == []
        assert archive.fingerprints.due() == 1

    def test_each_has_that_of_its_text(self, archive: Archive) -> None:
        for name in "abc":
            store(archive, name, text(name))
        assert make(archive) == 3
        assert [value(archive, name) for name in "abc"] == [fingerprint(text(n)) for n in "abc"]
        assert archive.fingerprints.due() == make(archive) == 0

    def test_a_short_text_has_none_and_is_not_read_again(self, archive: Archive) -> None:
        store(archive, "a", "沪指涨1.2%。")
        assert make(archive) == 1
        assert value(archive, "a") is None
        assert make(archive) == 0

    def test_a_correction_changes_it(self, archive: Archive) -> None:
        store(archive, "a", text(1))
        store(archive, "b", text(2))
        make(archive)
        store(archive, "a", text(3))
        assert make(archive) == 1
        assert value(archive, "a") == fingerprint(text(3))
        store(archive, "a", "全文撤回。")
        make(archive)
        assert value(archive, "a") is None
        assert value(archive, "b") == fingerprint(text(2))

    def test_another_section_changes_nothing(self, archive: Archive, path: Path) -> None:
        store(archive, "a", text(1))
        make(archive)
        before = query(path, "SELECT * FROM fingerprints")
        archive.discover(begin(archive), SOURCE, "stock", [found("a")], NOON)
        assert make(archive) == 1
        assert query(path, "SELECT * FROM fingerprints") == before

    @pytest.mark.usefixtures("small_spans")
    def test_spans_are_full_and_leave_nothing_out(self, archive: Archive) -> None:
        for number in range(8):
            store(archive, f"n{number}", text(number))
        store(archive, "n0", text("corrected"))  # a hole at the beginning of the sequence
        assert list(archive.fingerprints.spans()) == [(0, 4), (4, 7), (7, 9)]
        assert make(archive) == 8
        assert list(archive.fingerprints.spans()) == []

    @pytest.mark.usefixtures("small_spans")
    def test_what_was_kept_before_a_kill_is_not_made_again(self, archive: Archive) -> None:
        for number in range(8):
            store(archive, f"n{number}", text(number))
        spans = archive.fingerprints.spans()
        archive.fingerprints.keep(archive.fingerprints.make(next(spans)))
        assert archive.fingerprints.due() == 5
        assert make(archive) == 5

    def test_an_article_that_changes_meanwhile_is_due_again(self, archive: Archive) -> None:
        store(archive, "a", text(1))
        (span,) = archive.fingerprints.spans()
        made = archive.fingerprints.make(span)
        store(archive, "a", text(2))
        archive.fingerprints.keep(made)
        assert value(archive, "a") is None
        assert make(archive) == 1
        assert value(archive, "a") == fingerprint(text(2))

    def test_one_who_is_late_takes_nothing_back(self, archive: Archive) -> None:
        """Two make them at a time; the slower one read the article as it was."""
        store(archive, "a", text(1))
        late = [archive.fingerprints.make(span) for span in archive.fingerprints.spans()]
        store(archive, "a", text(2))
        make(archive)
        for made in late:
            archive.fingerprints.keep(made)
        assert value(archive, "a") == fingerprint(text(2))
        assert archive.fingerprints.due() == 0

    def test_an_article_that_is_removed_meanwhile_stays_removed(self, archive: Archive) -> None:
        store(archive, "a", text(1))
        (span,) = archive.fingerprints.spans()
        made = archive.fingerprints.make(span)
        remove(archive, "a")
        archive.fingerprints.keep(made)
        assert value(archive, "a") is None

    def test_a_removed_article_leaves_none(self, archive: Archive, path: Path) -> None:
        for name in "ab":
            store(archive, name, text("same"))
        make(archive)
        remove(archive, "a")
        assert names(archive.fingerprints.near(value(archive, "b") or 0, 8)) == ["b"]
        assert len(query(path, ROWS)) == 1

    def test_tables_still_agree(self, archive: Archive) -> None:
        for name in "abc":
            store(archive, name, text(name))
        make(archive)
        remove(archive, "b")
        nobody, quiet = lambda *_: None, lambda *_: None
        assert list(archive.checks.tables(quick=True, hash_of=nobody, progress=quiet)) == []


def remove(archive: Archive, name: str) -> None:
    target = archive.removals.find([identity(name).url_hash])
    assert target is not None
    archive.removals.bury(target, "court order", NOON)
    archive.removals.forget(target, archive.images_folder)


class TestAsking:
    """What is near, exactly."""

    @pytest.fixture
    def many(self, archive: Archive, path: Path) -> list[int]:
        """Fingerprints around a few centres, each that of one article."""
        chance = random.Random(1)
        centres = [chance.getrandbits(64) for _ in range(4)] + [0, 2**64 - 1, 2**63]
        values = []
        for number in range(160):
            store(archive, f"n{number:03}", "短。", minutes=number)
            made = chance.choice(centres)
            for bit in chance.sample(range(64), chance.randint(0, 12)):
                made ^= 1 << bit
            values.append(made)
        with sqlite3.connect(path) as connection:
            connection.executemany(
                "INSERT INTO fingerprints (url_hash, value) VALUES (?, ?)",
                [
                    (bytes.fromhex(identity(f"n{n:03}").url_hash), made - (made >> 63 << 64))
                    for n, made in enumerate(values)
                ],
            )
        connection.close()
        return values

    @pytest.mark.parametrize("radius", range(WIDEST + 1))
    def test_those_within_the_radius_and_no_other(
        self, archive: Archive, many: list[int], radius: int
    ) -> None:
        for asked in (*many[:30], 0, 2**64 - 1, 2**63, 2**63 - 1):
            wanted = [n for n, made in enumerate(many) if distance(made, asked) <= radius]
            near = archive.fingerprints.near(asked, radius)
            assert names(near) == [f"n{number:03}" for number in wanted]
            assert [each.distance for each in near] == [distance(many[n], asked) for n in wanted]

    def test_what_is_told_of_one(self, archive: Archive) -> None:
        read = store(archive, "a", text(1))
        make(archive)
        (near,) = archive.fingerprints.near(value(archive, "a") or 0, 0)
        assert near == Near(identity("a").url_hash, SOURCE, read.url or "", "标题 a", NOON, 0)

    def test_all_of_them_or_those_of_a_time(self, archive: Archive, many: list[int]) -> None:
        assert list(archive.fingerprints.all()[1]) == many
        since, until = NOON + timedelta(minutes=10), NOON + timedelta(minutes=20)
        assert list(archive.fingerprints.all(since, until)[1]) == many[10:20]
        assert list(archive.fingerprints.all(since)[1]) == many[10:]
        assert list(archive.fingerprints.all(None, until)[1]) == many[:20]

    def test_a_group_is_measured_from_its_earliest(self, archive: Archive, many: list[int]) -> None:
        ids, values = archive.fingerprints.all()
        near = archive.fingerprints.group([ids[9], ids[4], ids[7]])
        assert names(near) == ["n004", "n007", "n009"]
        assert [each.distance for each in near] == [
            distance(values[4], values[place]) for place in (4, 7, 9)
        ]

    def test_a_group_without_those_that_are_gone(self, archive: Archive) -> None:
        assert archive.fingerprints.group([99]) == []
