"""Looking over what is kept: every check is proven by damaging exactly what it looks at."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArchiveError
from newscrawl.archive.findings import Area, Finding, Severity
from newscrawl.config import Config, Output
from newscrawl.exit_codes import ExitCode
from newscrawl.export.files import TEMPORARY
from newscrawl.operations.verify import VerifyRequest, exit_code, hash_of_identity, run_verify
from newscrawl.spiders.registry import spiders
from tests.operations.test_remove import keep_picture, victim

pytestmark = pytest.mark.slow


def findings(output: Path, *, quick: bool = False) -> list[Finding]:
    config = Config(output=Output(directory=str(output)))
    return list(run_verify(VerifyRequest(config, output / "archive.db", quick=quick)))


def change(output: Path, *statements: str) -> None:
    """Change the database as no program of ours does."""
    with closing(sqlite3.connect(output / "archive.db")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert database.execute(statement).rowcount != 0, statement
        database.commit()


def raw_file(output: Path) -> Path:
    return min(output.glob("warc/*.warc.gz"))


def test_what_a_crawl_left_is_sound(kept: Path) -> None:
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    assert findings(kept) == []
    assert findings(kept, quick=True) == []
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


ONE = "(SELECT min(url_hash) FROM articles)"
DAMAGES = {
    "pending are counted": ("UPDATE run_counts SET n = n + 3 WHERE outcome = 'pending'",),
    "gone are counted": ("UPDATE totals SET n = n + 1 WHERE state = 'gone'",),
    "articles are counted": ("UPDATE article_totals SET n = n + 1",),
    "is an alias and no alias as well": (
        f"INSERT INTO aliases SELECT {ONE}, max(url_hash), 'x' FROM articles",
    ),
    "stands for nothing that is known": (
        "INSERT INTO aliases VALUES (zeroblob(32), zeroblob(32), 'https://x.cn/y')",
    ),
    "two addresses could be one": ("UPDATE slugs SET folded = folded || 'x'",),
    "but the newest is 1": (f"UPDATE articles SET revision = 7 WHERE url_hash = {ONE}",),
    "but there is none": (f"DELETE FROM revisions WHERE url_hash = {ONE}",),
    "has another title or hash than its revision": (
        f"UPDATE articles SET title = title || 'x' WHERE url_hash = {ONE}",
    ),
    "but no article is stored": (
        "UPDATE outcomes SET state = 'new' WHERE id = (SELECT min(id) FROM outcomes"
        " WHERE state = 'gone')",
    ),
    "posts would be missed": ("UPDATE counters SET value = 1",),
    "which it is": (
        "UPDATE articles SET identity = 'sina:nzzzzzz7654321'"
        " WHERE source = 'sina_finance' AND url_hash = (SELECT min(url_hash) FROM articles"
        " WHERE source = 'sina_finance')",
    ),
    "is not the text that its hash was made of": (
        "UPDATE revisions SET article = replace(article, '。', '！') WHERE rowid = 1",
    ),
    "cannot be read": ("UPDATE revisions SET article = '{' WHERE rowid = 1",),
    "has another title than its row says": ("UPDATE revisions SET title = 'x' WHERE rowid = 1",),
    "refers to no row of": ("DELETE FROM runs WHERE run = 1",),
    "but is stored": (
        "INSERT INTO removals SELECT url_hash, url_hash, source, url, 'x', '2026' FROM articles"
        f" WHERE url_hash = {ONE}",
    ),
    "is not in removed.jsonl": (
        "INSERT INTO removals VALUES (zeroblob(32), zeroblob(32), '', 'https://x.cn', 'x', '2026')",
    ),
    "leaves a gap before it": (
        "DELETE FROM captures WHERE capture = (SELECT min(capture) + 1 FROM captures)",
    ),
    "overlaps the one before": (
        "UPDATE captures SET offset = offset - 1, length = length + 1"
        " WHERE capture = (SELECT min(capture) + 1 FROM captures)",
    ),
    "is another record than the index says": (
        "UPDATE captures SET url = 'https://x.cn' WHERE capture = 2",
    ),
    "are not those of its digest": ("UPDATE captures SET digest = zeroblob(32) WHERE capture = 2",),
    "is in no index": (
        "DELETE FROM captures WHERE file = 1",
        "DELETE FROM warc_files WHERE file = 1",
    ),
    "cannot be read: No such file": ("UPDATE warc_files SET name = 'x.warc.gz' WHERE file = 1",),
    "bytes behind its end": ("UPDATE warc_files SET bytes = bytes - 5 WHERE file = 1",),
    "are indexed": ("UPDATE warc_files SET bytes = bytes + 5 WHERE file = 1",),
}


@pytest.mark.parametrize("said", sorted(DAMAGES))
def test_a_damaged_table_is_named(kept: Path, said: str) -> None:
    change(kept, *DAMAGES[said])
    found = findings(kept)
    assert any(said in each.what for each in found), found
    assert exit_code(found) is ExitCode.LOOK
    assert all(each.remedy for each in found)


def flip_in_raw(output: Path) -> None:
    path = raw_file(output)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)


def cut_raw(output: Path) -> None:
    path = raw_file(output)
    path.write_bytes(path.read_bytes()[:-100])


def lose_raw(output: Path) -> None:
    raw_file(output).unlink()


def add_raw(output: Path) -> None:
    path = raw_file(output)
    path.with_name("newscrawl-eastmoney-20200101000000-001.warc.gz").write_bytes(path.read_bytes())


def leave_cut(output: Path) -> None:
    path = raw_file(output)
    path.with_name(path.name.replace(".warc.gz", ".cut1.warc.gz")).write_bytes(b"x")


def lose_picture(output: Path) -> None:
    keep_picture(output, [victim(output)], "red").unlink()


def change_picture(output: Path) -> None:
    path = keep_picture(output, [victim(output)], "red")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def cut_picture(output: Path) -> None:
    path = keep_picture(output, [victim(output)], "red")
    path.write_bytes(path.read_bytes()[:-1])


def post(output: Path) -> Path:
    return min(output.glob("jekyll/_posts/*.md"))


def edit_post(output: Path) -> None:
    post(output).write_text("mine", "utf-8")


def lose_post(output: Path) -> None:
    post(output).unlink()


def lose_article(output: Path) -> None:
    with closing(sqlite3.connect(output / "jekyll" / ".newscrawl-posts.db")) as database:
        database.execute(
            "UPDATE files SET owner = hex(zeroblob(32)) WHERE owner ="
            " (SELECT min(owner) FROM files WHERE post_id IS NOT NULL)"
        )
        database.commit()


def break_manifest(output: Path) -> None:
    (output / "hexo" / ".newscrawl-posts.db").write_bytes(b"no database at all" * 100)


def lose_tombstone(output: Path) -> None:
    line = (
        '{"article":"%s","hashes":["%s"],"source":"","url":"https://x.cn/y","reason":"x",'
        '"removed_at":"2026-01-01T00:00:00.000000Z"}\n'
    )
    (output / "removed.jsonl").write_text(line % ("0" * 64, "0" * 64))


BROKEN_FILES: dict[str, tuple[Area, Severity, Callable[[Path], None]]] = {
    "is damaged": (Area.RAW, Severity.ERROR, flip_in_raw),
    "bytes, and": (Area.RAW, Severity.ERROR, cut_raw),
    "cannot be read: No such file": (Area.RAW, Severity.ERROR, lose_raw),
    "is in no index": (Area.RAW, Severity.ERROR, add_raw),
    "a removal that was cut off": (Area.RAW, Severity.ERROR, leave_cut),
    "cannot be read: No such": (Area.PICTURES, Severity.ERROR, lose_picture),
    "is not what its name says": (Area.PICTURES, Severity.ERROR, change_picture),
    "bytes, not": (Area.PICTURES, Severity.ERROR, cut_picture),
    "was edited": (Area.POSTS, Severity.WARNING, edit_post),
    "is gone": (Area.POSTS, Severity.WARNING, lose_post),
    "an article that the archive has not": (Area.POSTS, Severity.ERROR, lose_article),
    "cannot be used": (Area.POSTS, Severity.ERROR, break_manifest),
    "the archive does not know it": (Area.REMOVALS, Severity.ERROR, lose_tombstone),
}


@pytest.mark.parametrize("said", BROKEN_FILES)
def test_a_damaged_file_is_named(kept: Path, said: str) -> None:
    area, severity, damage = BROKEN_FILES[said]
    damage(kept)
    found = [each for each in findings(kept) if each.area is area]
    assert [each.severity for each in found if said in each.what] == [severity], found
    assert exit_code(found) is ExitCode.LOOK


def test_behind_a_damaged_record_the_others_are_still_compared(kept: Path) -> None:
    flip_in_raw(kept)
    change(kept, "UPDATE captures SET url = 'https://x.cn' WHERE capture ="
           " (SELECT max(capture) FROM captures WHERE file = 1)")  # fmt: skip
    said = [each.what for each in findings(kept) if each.area is Area.RAW]
    assert len(said) == 2
    assert "is damaged" in said[0]
    assert said[1] == "is another record than the index says"


def test_flipped_pages_of_the_database_are_named(kept: Path) -> None:
    path = kept / "archive.db"
    content = bytearray(path.read_bytes())
    for page in range(40, len(content) // 4096, 7):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with suppress(ArchiveError):  # its message is tested with the archive
        assert any(each.area is Area.DATABASE for each in findings(kept))
        return
    with pytest.raises(ArchiveError, match="newscrawl rebuild"):
        findings(kept)


def test_what_may_be_is_only_noted(kept: Path) -> None:
    (kept / "images" / "ab").mkdir(parents=True)
    (kept / "images" / "ab" / "stray.png").write_bytes(b"x")
    (post(kept).parent / f"{TEMPORARY}x").write_text("half", "utf-8")
    change(kept, "UPDATE articles SET sequence = sequence + 1000000",
           "UPDATE counters SET value = value + 1000000")  # fmt: skip
    found = findings(kept)
    assert len(found) == 4
    assert {each.severity for each in found} == {Severity.NOTE}
    assert exit_code(found) is ExitCode.OK


def test_beside_a_running_crawl_its_last_pages_are_no_fault(kept: Path) -> None:
    change(kept, "UPDATE warc_files SET closed_at = NULL WHERE file = 1")
    with raw_file(kept).open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    with Archive.open(kept / "archive.db") as crawl:
        crawl.begin_run("eastmoney", {}, datetime.now(UTC))
        found = findings(kept)
    assert [(each.severity, "behind what is indexed" in each.what) for each in found] == [
        (Severity.NOTE, True)
    ]


def test_what_is_written_meanwhile_is_not_seen(kept: Path) -> None:
    config = Config(output=Output(directory=str(kept)))
    looking = run_verify(VerifyRequest(config, kept / "archive.db"))
    change(kept, "UPDATE slugs SET folded = folded || 'x'")
    assert any("could be one" in each.what for each in looking)
    with Archive.open(kept / "archive.db", read_only=True) as archive:
        with archive.checks.snapshot():
            change(kept, "UPDATE counters SET value = 1")
            assert archive.last_sequence() > 1
        assert archive.last_sequence() == 1


@pytest.mark.parametrize(
    ("source", "identity", "url"),
    [
        ("sina_finance", "sina:naaaaaa1234567", "https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml"),
        ("eastmoney", "em:202201220000000001", "https://finance.eastmoney.com/a/202201220000000001.html"),
        ("sina_finance", "https://a.cn/b", "https://a.cn/b"),
    ],
)  # fmt: skip
def test_a_hash_follows_from_the_identity(source: str, identity: str, url: str) -> None:
    rules = {name: spider.identities for name, spider in spiders().items()}
    expected = spiders()[source].identify(url).url_hash
    assert hash_of_identity(rules, source, identity) == expected
    assert hash_of_identity(rules, source, "odd:identity") is None
