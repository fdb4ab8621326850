"""Where the time of each hot command goes: the share of every room and library in it.

Each command runs once under the profiler, in a process of its own, from its first import to
its end. A function's own time belongs to the room or library that it is of; a function of C
to what it does (SQLite, compression, files, ...); any other one, all of Python's library and
of small ones to those who called it, by the time they had it work. Selectors and nodes of a tree
count for the room that asks, since the profiler cannot see them; building a tree is seen.
Waiting for the network is left out. The profiler makes calls dearer than they are, so
that a share tells where to look and not what is gained there.
Run: ``python -m benchmarks profiles[=ARTICLES]``.
"""

import json
import pstats
import re
import sys
import sysconfig
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import newscrawl
from benchmarks import extraction
from benchmarks.measure import new_folder, run
from newscrawl.extraction.page import Page
from newscrawl.outcomes import Ended
from newscrawl.replica.process import ReplicaProcess

ARTICLES = 2_000
ROUNDS = 20
STEPS = 12
"""Calls deep in a library that are followed to who made the first of them."""
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = "reading a page"

WAITING, IMPORTS, TREES, OTHER = "waiting", "imports", "lexbor: trees", "other"
BUILT_IN: Mapping[str, str] = {
    r"'poll' of 'select\.|select\.select|time\.sleep|thread\.lock": WAITING,
    r"sqlite3": "SQLite",
    r"isal|igzip|zlib|compress": "compression",
    r"hashlib|sha256|blake2": "hashing",
    r"posix\.|_io\.|'(?:write|read|close|fileno|flush)' of '_io": "files: system calls",
    r"_socket|'(?:send|recv)|select\.|_ssl": "network: system calls",
}
"""What a function of C does, by its name; any other one is its caller's."""
LIBRARIES: Mapping[str, str] = {
    "scrapy": "Scrapy",
    "twisted": "Scrapy",
    "itemadapter": "Scrapy",
    "queuelib": "Scrapy",
    "aiohttp": "aiohttp, asyncio",
    "yarl": "aiohttp, asyncio",
    "multidict": "aiohttp, asyncio",
    "propcache": "aiohttp, asyncio",
    "itemloaders": "itemloaders",
    "yaml": "YAML",
    "frontmatter": "YAML",
}
PACKAGE = str(Path(newscrawl.__file__).parent)
SITE = sysconfig.get_path("purelib")
STANDARD = sysconfig.get_path("stdlib")

Function = tuple[str, int, str]


def room_of(function: Function) -> str:
    """Return the room or library of a function of Python; "" for one that its caller owns."""
    path, _, name = function
    if "importlib" in path or name == "<module>":
        return IMPORTS
    if path.endswith("benchmarks/profiled.py"):
        return TREES if name == "__init__" else IMPORTS
    if path.startswith(SITE):
        library = Path(path).relative_to(SITE).parts[0]
        return LIBRARIES.get(library, "")
    if path.startswith(STANDARD):
        return "aiohttp, asyncio" if "asyncio" in path or "selectors" in path else ""
    if path.startswith(PACKAGE):
        return f"newscrawl.{Path(path).relative_to(PACKAGE).parts[0].removesuffix('.py')}"
    return ""


def owners(found: Mapping[Function, Any]) -> dict[Function, dict[str, float]]:
    """Return for each function the rooms its time belongs to, by parts that add up to one.

    Those of no room call one another, so that their callers' rooms reach them in steps.
    """
    owned = {f: {room: 1.0} if (room := room_of(f)) else {} for f in found}
    shared = [f for f in found if not room_of(f)]
    for _ in range(STEPS):
        for function in shared:
            parts: Counter[str] = Counter()
            for caller, (_, _, _, took) in found[function][4].items():
                for room, part in owned[caller].items():
                    parts[room] += part * max(took, 1e-9)
            whole = sum(parts.values())
            owned[function] = {room: part / whole for room, part in parts.items()}
    return owned


def shares(profile: Path, *, whole: bool = True) -> dict[str, float]:
    """Return room -> its share of the time of a profile, the largest first.

    whole: with its imports; else they are left out, as waiting always is.
    """
    spent: Counter[str] = Counter()
    found: dict[Function, Any] = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    owned = owners(found)
    for function, (_, _, own, _, _) in found.items():
        built_in = not room_of(function) and function[0] == "~"
        does = next((d for p, d in BUILT_IN.items() if built_in and re.search(p, function[2])), "")
        for room, part in (owned[function] or {OTHER: 1.0}).items():
            spent[does if does and room != IMPORTS else room] += own * part
    for left_out in (WAITING,) if whole else (WAITING, IMPORTS):
        del spent[left_out]
    total = sum(spent.values())
    return {room: round(seconds / total, 3) for room, seconds in spent.most_common()}


def main(articles: int = ARTICLES) -> dict[str, object]:
    """Profile each command; return its shares."""
    with ReplicaProcess(articles=articles, seed=1) as replica:
        return {"articles": articles, "share": _measure(replica.url, new_folder())}


def _measure(via: str, folder: Path) -> dict[str, dict[str, float]]:
    output, profile = str(folder / "output"), folder / "profile"
    found: dict[str, dict[str, float]] = {}

    def profiled(name: str, *arguments: str, module: str = "newscrawl") -> None:
        command = [sys.executable, "-m", "benchmarks.profiled", str(profile), module]
        run([*command, *arguments])
        found[name] = shares(profile, whole=name != PAGE)

    profiled(PAGE, str(_saved(via, folder)), module="benchmarks.profiles")
    crawl = ("crawl", "--via", via, "--output", output)
    profiled("crawl", *crawl)
    run([sys.executable, "-m", "newscrawl", *crawl])
    profiled("nothing new", *crawl)
    archive, site = ("--archive", f"{output}/archive.db"), str(folder / "site")
    alone = ("--jobs", "1")  # another process is not profiled
    profiled("export", "export", *archive, "--dialect", "hexo", "--out", site, *alone)
    profiled("import", "import", "--archive", str(folder / "imported.db"), *alone, site)
    profiled("reextract", "reextract", "--output", output, "--dry-run", *alone)
    for old in Path(output).glob("archive.db*"):
        old.unlink()
    profiled("rebuild", "rebuild", "--output", output, *alone)
    return found


def _saved(via: str, folder: Path) -> Path:
    """Save article pages of the replica; return the manifest that names them."""
    lines = []
    for number, (_, url, body) in enumerate(extraction.of_replica(via)):
        (folder / f"{number}.page").write_bytes(body)
        lines.append(json.dumps({"file": f"{number}.page", "url": url}))
    manifest = folder / "pages.jsonl"
    manifest.write_text("\n".join(lines), encoding="utf-8")
    return manifest


def read_often(manifest: Path) -> None:
    """Read each page of a manifest to its clean article, again and again."""
    for spider, url, body in extraction.of_manifest(manifest) * ROUNDS:
        try:
            spider.parse_article(Page(url, body, NOW))
        except Ended:
            continue


if __name__ == "__main__":
    read_often(Path(sys.argv[1]))
