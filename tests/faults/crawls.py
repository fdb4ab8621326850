"""A small crawl that touches every kind of file, to be disturbed over and over."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, ClassVar, Self

from tests.faults.boundaries import Passage, Plan
from tests.faults.comparing import differences, faults, kept
from tests.faults.zygote import Ended, Zygote

LANES = 2
"""How many crawls go on beside each other: as many as the smallest machine has cores."""


class Scenario:
    """What is crawled: some sections of both sources, with pictures, into two dialects."""

    ARTICLES = 24
    SEED = "faults"
    SECTIONS: ClassVar = {
        "sina_finance": ("macro", "col-macro-research", "hk-stock", "live-industry", "finance"),
        "eastmoney": ("ccjdd", "clczx", "flash-funds", "fast"),
    }
    WRITTEN = ("--images", "local", "--dialect", "jekyll", "--dialect", "jsonl")

    @classmethod
    def of(cls, *sources: str) -> tuple[str, ...]:
        """Return the options of a crawl of these sources."""
        sections = [section for source in sources for section in cls.SECTIONS[source]]
        return (*(part for each in sections for part in ("--section", each)), *cls.WRITTEN)


class Crawls:
    """Context manager. undisturbed: the folder of a crawl that nothing disturbed.

    before: the folder that every crawl begins with; None for none. passages: what the
    undisturbed crawl passed, in its order.
    """

    def __init__(self, via: str, folder: Path, before: Path | None) -> None:
        self.via, self.folder, self.before = via, folder, before
        self.undisturbed = folder / "undisturbed"
        self.passages: list[Passage] = []

    def __enter__(self) -> Self:
        self.folder.mkdir()
        self._stack = ExitStack()
        self._lanes: SimpleQueue[Zygote] = SimpleQueue()
        for number in range(LANES):
            self._lanes.put(self._stack.enter_context(Zygote(self.folder / f"lane{number}")))
        record = self.folder / "passages"
        self._prepare(self.undisturbed)
        with self.lane() as zygote:
            ended = self.crawl(
                zygote, self.undisturbed, Plan(str(self.undisturbed), record=str(record))
            )
        assert ended.code == 0, ended.errors
        assert not faults(self.undisturbed)
        self.passages = passages(record)
        self.end = kept(self.undisturbed)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def lane(self) -> Iterator[Zygote]:
        """Use a zygote that nobody else uses meanwhile."""
        zygote = self._lanes.get()
        try:
            yield zygote
        finally:
            self._lanes.put(zygote)

    def command(self, output: Path) -> tuple[str, ...]:
        """Return the arguments of the crawl."""
        options = Scenario.of(*Scenario.SECTIONS)
        return ("crawl", "--via", self.via, "--output", str(output), *options)

    def crawl(self, zygote: Zygote, output: Path, plan: Plan | None = None, **how: Any) -> Ended:
        """Crawl into a folder."""
        return zygote.run(*self.command(output), plan=plan, **how)

    def disturbed(self, plans: Iterable[Any], disturb: "Callable[[Zygote, Path, Any], int]") -> int:
        """Disturb a crawl for each plan, in lanes; see that its next run ends as it should.

        disturb: given a zygote, a folder and the plan, returns how often it struck. Returns the
        sum of that.
        """
        wrong: list[str] = []

        def one(plan: Any) -> int:
            with self.lane() as zygote, self.prepared() as output:
                struck = disturb(zygote, output, plan)
                try:
                    self.finish(zygote, output, plan)
                except AssertionError as error:
                    wrong.append(str(error))
                return struck

        with ThreadPoolExecutor(LANES) as pool:
            struck = sum(pool.map(one, plans))
        assert not wrong, "\n".join([f"{len(wrong)} wrong ends", *wrong[:5]])
        return struck

    @contextmanager
    def prepared(self) -> Iterator[Path]:
        """Give a folder to crawl into, as it is before."""
        above = Path(tempfile.mkdtemp(dir=self.folder))
        self._prepare(above / "output")
        yield above / "output"
        shutil.rmtree(above)

    def _prepare(self, output: Path) -> None:
        if self.before is not None:
            shutil.copytree(self.before, output)

    def finish(self, zygote: Zygote, output: Path, plan: object) -> None:
        """Crawl once more, undisturbed; all must be as if the crawl had never been disturbed."""
        stored = stored_so_far(output)
        ended = self.crawl(zygote, output)
        assert ended.code == 0, f"{plan}: {ended.code}: {ended.errors}"
        left = faults(output)
        assert not left, f"{plan}: {left}"
        found = differences(self.end, kept(output))
        assert not found, f"{plan}: {json.dumps(found, ensure_ascii=False, indent=1)}"
        checked = zygote.run("verify", "--output", output)
        assert (checked.code, checked.errors) == (0, ""), f"{plan}: {checked.said}"
        if self.before is None:
            again = stored & fetched_by_last(output)
            assert not again, f"{plan}: fetched though they were stored: {again}"


def passages(record: Path) -> list[Passage]:
    """Return what a process passed."""
    found = []
    for line in record.read_text("utf-8").splitlines():
        fields = json.loads(line)
        del fields["kind"]
        found.append(Passage(**fields | {"tables": tuple(fields["tables"])}))
    return found


def stored_so_far(output: Path) -> set[str]:
    """Return the articles in the archive of a killed run, without touching what it left."""
    if not (output / "archive.db").exists():
        return set()
    with tempfile.TemporaryDirectory(dir=output.parent) as copies:
        for name in ("archive.db", "archive.db-wal"):
            if (output / name).exists():
                shutil.copy(output / name, copies)
        with closing(sqlite3.connect(Path(copies, "archive.db"))) as database:
            return {row for (row,) in database.execute("SELECT hex(url_hash) FROM articles")}


def fetched_by_last(output: Path) -> set[str]:
    """Return the articles whose pages the last run of each source fetched."""
    with closing(sqlite3.connect(output / "archive.db")) as database:
        rows = database.execute(
            "SELECT DISTINCT hex(coalesce(aliases.article, c.article)) FROM captures AS c"
            " JOIN warc_files USING (file) LEFT JOIN aliases ON aliases.url_hash = c.article"
            " WHERE run IN (SELECT max(run) FROM runs GROUP BY source)"
        )
        return {row for (row,) in rows if row}
