"""How long ``newscrawl export`` takes, against copying the same files with the same safety.

The yardstick reads the finished files, writes them under temporary names into the same
folders, syncs once a batch and renames: what any safe copy has to do. So the ratio is what
the archive, rendering, comparing and the manifest cost; for ``jsonl`` the same bytes are a
file a day, and the copy is almost nothing. An export that finds nothing changed is set
against a ``stat`` of every file. Rounds take turns over all dialects, by as many processes as
the command takes and by one alone; CPU seconds stand beside those of the clock, which a busy
machine stretches.
Run: ``python -m benchmarks.export_posts [POSTS [ROUNDS]]``.
"""

import json
import os
import random
import secrets
import statistics
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import Timed, cost, new_folder
from newscrawl.archive import Archive, ArticleFilter, StoredArticle
from newscrawl.config import Config
from newscrawl.export import dialects
from newscrawl.export.exporter import BATCH
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Image
from newscrawl.operations.export import PROCESSES, ExportRequest, run_export
from newscrawl.operations.workers import cores
from newscrawl.pipelines.placement import placement

_WORDS = [
    "示例",
    "市场",
    "公司",
    "上涨",
    "下跌",
    "公告",
    "政策",
    "数据",
    "增长",
    "百分之三",
    "，",
    "。",
]
_START = datetime(2022, 1, 1, tzinfo=UTC)


def articles(number: int) -> list[StoredArticle]:
    """Return invented articles of about 5 KB, the size of a real post."""
    chance = random.Random(1)
    return [_article(n, chance) for n in range(number)]


def _article(n: int, chance: random.Random) -> StoredArticle:
    paragraphs = ["　　" + "".join(chance.choices(_WORDS, k=90)) for _ in range(9)]
    image = f"https://img.example.com/{n}.jpg"
    identity = f"sina:n{n:07d}"
    made = Article(
        source="sina_finance",
        identity=identity,
        url=f"https://finance.example.com/doc-i{n:07d}.shtml",
        url_hash=hash_url(identity),
        title="".join(chance.choices(_WORDS, k=12)),
        published_at=_START + timedelta(minutes=n),
        media=f"示例报{n % 60}",
        body_html=f'<p><img src="{image}" alt=""></p>\n'
        + "\n".join(f"<p>{p}</p>" for p in paragraphs),
        body_text="\n".join(paragraphs),
        images=[Image(image)],
        content_hash=hash_url(identity),
        fetched_at=datetime(2023, 1, 1, tzinfo=UTC),
    )
    return StoredArticle(made, ("china",), 1, n + 1, _START)


def copy(source: Path, names: list[str], folder: Path) -> None:
    """Copy files with the exporter's policy: exclusive create, one sync a batch, rename."""
    for path in {Path(name).parent for name in names}:
        (folder / path).mkdir(parents=True)
    for at in range(0, len(names), BATCH):
        staged = []
        for name in names[at : at + BATCH]:
            target = folder / name
            temporary = target.with_name(secrets.token_hex(16))
            with open(temporary, "xb") as file:  # noqa: PTH123  (the yardstick is the plain way)
                file.write((source / name).read_bytes())
            staged.append((temporary, target))
        os.sync()
        for temporary, target in staged:
            temporary.replace(target)
        for parent in {target.parent for _, target in staged}:
            descriptor = os.open(parent, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


Costs = dict[str, Timed]
"""Name of a work -> its wall and CPU seconds."""


def main(posts: int = 10_000, rounds: int = 3) -> dict[str, object]:
    """Return, for each dialect, medians in seconds and their ratios to the yardsticks."""
    runs: dict[str, list[Costs]] = {dialect: [] for dialect in dialects()}
    archive = new_folder() / "archive.db"
    store(archive, articles(posts))
    placement(Config())  # loads the sources, which a process does once
    for _ in range(rounds):
        for dialect, costs in runs.items():
            costs.append(_round(dialect, archive, posts))
    figures = {dialect: _figures(costs, posts) for dialect, costs in runs.items()}
    return {"posts": posts, "processes": _processes(), **figures}


def _processes() -> int:
    """Return how many processes the command takes on this machine."""
    return min(cores(), PROCESSES)


def store(archive: Path, given: Iterable[StoredArticle]) -> None:
    """Put articles into a new archive, as a crawl does."""
    with Archive.open(archive) as opened:
        run = opened.begin_run("sina_finance", {}, _START)
        for each in given:
            opened.store(run, "china", each.article.url_hash or "", each.article)


def seconds(costs: list[Costs]) -> dict[str, object]:
    """Return the medians of each work over all rounds."""
    figures: dict[str, object] = {}
    for name in costs[0]:
        figures[f"{name}_s"] = round(median_of(costs, name), 3)
        figures[f"{name}_cpu_s"] = round(median_of(costs, name, 1), 3)
    return figures


def ratio(costs: list[Costs], name: str, yardstick: str, of: int = 0) -> float:
    """Return the ratio of two medians; ``of``: 0 of the clock, 1 of CPU seconds."""
    return round(median_of(costs, name, of) / median_of(costs, yardstick, of), 2)


def median_of(costs: list[Costs], name: str, of: int = 0) -> float:
    """Return the median of one work in seconds."""
    return statistics.median(cost[name][of] for cost in costs)


def _figures(costs: list[Costs], posts: int) -> dict[str, object]:
    return {
        **seconds(costs),
        "ratio": ratio(costs, "export", "copy"),
        "ratio_one_process": ratio(costs, "one", "copy"),
        "ratio_cpu": ratio(costs, "export", "copy", 1),
        "ratio_cpu_one_process": ratio(costs, "one", "copy", 1),
        "export_cpu_us_a_post": round(median_of(costs, "one", 1) / posts * 1e6),
        "unchanged_ratio_to_stat": round(ratio(costs, "unchanged", "stat"), 1),
    }


def _round(dialect: str, archive: Path, posts: int) -> Costs:
    folder = new_folder()
    out = folder / dialect

    def export(out: Path, *, written: int, jobs: int) -> None:
        where = ArticleFilter()
        request = ExportRequest(Config(), archive, {dialect: out}, where, jobs=jobs)
        counts = run_export(request)[dialect]
        assert (counts.posts, counts.written) == (posts, written)
        assert not counts.kept
        assert not counts.withheld

    def stat() -> None:
        for path in names:
            (out / path).stat()

    costs = {"export": cost(lambda: export(out, written=posts, jobs=_processes()))}
    costs["one"] = cost(lambda: export(folder / "one" / dialect, written=posts, jobs=1))
    costs["unchanged"] = cost(lambda: export(out, written=0, jobs=_processes()))
    names = [
        str(path.relative_to(out))
        for path in out.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    costs["stat"] = cost(stat)
    costs["copy"] = cost(lambda: copy(out, names, folder / "copy"))
    return costs


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
