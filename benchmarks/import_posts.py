"""How long taking posts into the archive takes, against reading and parsing the same files.

The yardstick reads each file and parses its front matter and its text with the same
libraries: what any importer has to do before it knows anything. So the ratio is what
identity, cleaning and storing cost. Run: ``python -m benchmarks.import_posts [POSTS [ROUNDS]]``.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import frontmatter
from selectolax.lexbor import LexborHTMLParser

from benchmarks.export_posts import articles
from newscrawl.archive import Archive, StoredArticle
from newscrawl.config import Config
from newscrawl.export import Exporter, Placement
from newscrawl.identity.identities import hash_url
from newscrawl.operations.importing import ImportRequest, origins_of, run_import

_PLACE = Placement("金融", "新浪财经", "新浪财经－国內")
_DIALECTS = ("jekyll", "hexo")


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of ``work``."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def read_and_parse(paths: list[Path]) -> None:
    """Read every post and parse both of its parts."""
    for path in paths:
        post = frontmatter.loads(path.read_text("utf-8").lstrip("\n"))
        if LexborHTMLParser(post.content).body is None:
            raise ValueError(path)


def main(posts: int = 10_000, rounds: int = 3) -> dict[str, object]:
    """Return, for each dialect, medians in seconds and their ratios to the yardstick."""
    figures: dict[str, object] = {"posts": posts}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, posts)
        origins_of(Config())  # loads the sources, which a process does once
        for dialect in _DIALECTS:
            runs = [_round(folder, dialect, posts) for _ in range(rounds)]
            parsed, first, again = (statistics.median(times) for times in zip(*runs, strict=True))
            figures[dialect] = {
                "read_and_parse_s": round(parsed, 2),
                "import_s": round(first, 2),
                "ratio": round(first / parsed, 2),
                "again_s": round(again, 2),
                "again_ratio": round(again / parsed, 2),
            }
    return figures


def _write(folder: Path, posts: int) -> None:
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


def _round(folder: Path, dialect: str, posts: int) -> tuple[float, float, float]:
    paths = sorted((folder / dialect).rglob("_posts/*.md"))
    archive = folder / f"{dialect}.db"
    for old in folder.glob(f"{archive.name}*"):
        old.unlink()

    def take() -> None:
        report = run_import(ImportRequest(Config(), archive, paths))
        assert report.new + report.known == posts
        assert not report.broken

    parsed = seconds(lambda: read_and_parse(paths))
    first, again = seconds(take), seconds(take)
    with Archive.open(archive, read_only=True) as taken:
        assert all(each.article.source == "sina_finance" for each in taken.articles())
    return parsed, first, again


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
