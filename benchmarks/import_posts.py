"""How long taking posts into the archive takes, against reading and parsing the same files.

The yardstick reads each file and parses its front matter and its text with the same
libraries: what any importer has to do before it knows anything. So the ratio is what
identity, cleaning and storing cost. Rounds take turns over both forms.

The yardstick is one process whatever is measured. An import is timed as the command runs it,
with readers in other processes where there are processors for them (``import``), and with
nothing but this process (``one``). What counts of the first is the time of the clock; the CPU
seconds of all its processes stand beside, which are more, since readings are sent between them,
and which other work on the machine changes less. ``known`` is the same import once more.
Run: ``python -m benchmarks.import_posts [POSTS [ROUNDS]]``.
"""

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import frontmatter

from benchmarks.export_posts import Costs, articles, ratio, seconds
from benchmarks.measure import cost, new_folder
from newscrawl.archive import Archive, StoredArticle
from newscrawl.cleaning.body import fragment_nodes
from newscrawl.config import Config
from newscrawl.export import Exporter, Placement
from newscrawl.identity.identities import hash_url
from newscrawl.operations.importing import READERS, ImportRequest, origins_of, run_import
from newscrawl.operations.workers import cores

_PLACE = Placement("金融", "新浪财经", "新浪财经－国內")
_DIALECTS = ("jekyll", "hexo")


def read_and_parse(paths: list[Path]) -> None:
    """Read every post and parse both of its parts."""
    for path in paths:
        post = frontmatter.loads(path.read_text("utf-8").lstrip("\n"))
        if not fragment_nodes(post.content):
            raise ValueError(path)


def main(posts: int = 10_000, rounds: int = 3) -> dict[str, object]:
    """Return, for each dialect, medians in seconds and their ratios to the yardstick."""
    runs: dict[str, list[Costs]] = {dialect: [] for dialect in _DIALECTS}
    folder = new_folder()
    write(folder, posts)
    origins_of(Config())  # loads the sources, which a process does once
    for _ in range(rounds):
        for dialect, costs in runs.items():
            costs.append(_round(folder, dialect, posts))
    figures = {dialect: _figures(costs) for dialect, costs in runs.items()}
    return {"posts": posts, "processes": _readers(), **figures}


def _readers() -> int:
    """Return how many processes read for the command on this machine."""
    return min(cores(), READERS)


def _figures(costs: list[Costs]) -> dict[str, object]:
    figures = seconds(costs)
    for of, unit in enumerate(("ratio", "ratio_cpu")):
        figures[unit] = ratio(costs, "import", "read_and_parse", of)
        figures[f"{unit}_one_process"] = ratio(costs, "one", "read_and_parse", of)
        figures[f"known_{unit}"] = ratio(costs, "known", "read_and_parse", of)
    return figures


def write(folder: Path, posts: int) -> None:
    """Write invented posts of each form into a folder of its name."""
    with Archive.open(folder / "written.db") as archive:
        for dialect in _DIALECTS:
            with Exporter(
                archive, dialect, folder / dialect, place=lambda _: _PLACE, config=Config()
            ) as exporter:
                exporter.write(map(_of_a_source, articles(posts)))


def _of_a_source(stored: StoredArticle) -> StoredArticle:
    """Return the article with an identity and address as a source has them."""
    core = f"n{stored.sequence:012d}"
    url = f"https://finance.sina.com.cn/doc-i{core}.shtml"
    made = replace(stored.article, identity=f"sina:{core}", url=url, url_hash=hash_url(url))
    return replace(stored, article=made)


def _round(folder: Path, dialect: str, posts: int) -> Costs:
    paths = sorted((folder / dialect).rglob("_posts/*.md"))
    archive = folder / f"{dialect}.db"

    def take(jobs: int) -> None:
        report = run_import(ImportRequest(Config(), archive, paths, jobs=jobs))
        assert report.new + report.known == posts
        assert not report.broken

    costs = {"read_and_parse": cost(lambda: read_and_parse(paths))}
    for name, jobs in (("one", 1), ("import", _readers())):
        for old in folder.glob(f"{archive.name}*"):
            old.unlink()
        costs[name] = cost(partial(take, jobs))
    costs["known"] = cost(partial(take, _readers()))
    with Archive.open(archive, read_only=True) as taken:
        assert all(each.article.source == "sina_finance" for each in taken.articles())
    return costs


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
