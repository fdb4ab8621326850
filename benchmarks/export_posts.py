"""How long writing posts takes, against copying the same files with the same safety.

The yardstick writes the finished bytes under temporary names, syncs once a batch and
renames: what any safe copy has to do. So the ratio is what rendering, comparing and the
manifest cost; for ``jsonl`` the same bytes are a file a day, and the copy is almost nothing.
Run: ``python -m benchmarks.export_posts [POSTS [ROUNDS]]``.
"""

import json
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.archive import Archive, StoredArticle
from newscrawl.config import Config
from newscrawl.export import Exporter, Placement, dialects
from newscrawl.identity.identities import hash_url
from newscrawl.items import Article, Image

_BATCH = 512
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
_PLACE = Placement("金融", "示例财经", "示例财经－国內")
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
        fetched_at=datetime(2023, 1, 1, tzinfo=UTC),
    )
    return StoredArticle(made, ("china",), 1, n + 1, _START)


def copy(contents: dict[str, bytes], folder: Path) -> None:
    """Write the files with the exporter's policy: exclusive create, one sync a batch, rename."""
    for path in {Path(name).parent for name in contents}:
        (folder / path).mkdir(parents=True)
    names = list(contents)
    for at in range(0, len(names), _BATCH):
        staged = []
        for name in names[at : at + _BATCH]:
            target = folder / name
            temporary = target.with_name(secrets.token_hex(16))
            with open(temporary, "xb") as file:  # noqa: PTH123  (the yardstick is the plain way)
                file.write(contents[name])
            staged.append((temporary, target))
        os.sync()
        for temporary, target in staged:
            temporary.replace(target)
        for parent in {target.parent for _, target in staged}:
            descriptor = os.open(parent, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of ``work``, on disks that have nothing left to write."""
    os.sync()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(posts: int = 10_000, rounds: int = 3) -> dict[str, object]:
    """Return, for each dialect, medians in seconds and their ratios to the copy."""
    given = articles(posts)
    figures: dict[str, object] = {"posts": posts}
    for dialect in dialects():
        runs = [_round(dialect, given) for _ in range(rounds)]
        copied, first, again = (statistics.median(times) for times in zip(*runs, strict=True))
        figures[dialect] = {
            "copy_s": round(copied, 2),
            "export_s": round(first, 2),
            "ratio": round(first / copied, 2),
            "again_s": round(again, 2),
            "again_ratio": round(again / copied, 2),
        }
    return figures


def _round(dialect: str, given: list[StoredArticle]) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory(dir=".") as name, Archive.open(Path(name, "a.db")) as archive:
        out = Path(name).absolute() / dialect

        def export() -> None:
            with Exporter(
                archive, dialect, out, place=lambda _: _PLACE, config=Config()
            ) as exporter:
                counts = exporter.write(given)
                assert counts.posts == len(given)
                assert not counts.kept
                assert not counts.withheld

        first, again = seconds(export), seconds(export)
        contents = {
            str(path.relative_to(out)): path.read_bytes()
            for path in out.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        copied = seconds(lambda: copy(contents, Path(name, "copy")))
        return copied, first, again


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
