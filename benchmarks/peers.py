"""Our extraction beside general extractors, on the same captured pages, in one run.

Run: ``python -m benchmarks peers=MANIFEST.jsonl[,ROUNDS]``: lines ``{"file", "url", "expected":
{"title", "text"}}``. A peer takes part where it is installed (``pip install trafilatura
lxml_html_clean readability-lxml gne``); all are of one process and take turns.
"""

import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

from newscrawl.cleaning.body import clean_fragment
from newscrawl.cleaning.noise import Noise
from newscrawl.operations.extract import extract_bytes

Result = tuple[str, str]
"""Title and text of a page."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One captured page and what a careful reader finds on it."""

    url: str | None
    body: bytes
    html: str
    title: str
    text: str


def newscrawl(sample: Sample) -> Result:
    """Read the page as ``newscrawl extract`` does."""
    article = extract_bytes(sample.body, sample.url)
    return article.title or "", article.body_text or ""


def trafilatura(sample: Sample) -> Result:
    """trafilatura with its metadata."""
    import trafilatura as peer

    document = peer.bare_extraction(sample.html, with_metadata=True)
    return (document.title or "", document.text or "") if document else ("", "")


def readability(sample: Sample) -> Result:
    """readability-lxml: it gives HTML, whose text is read by our own cleaner."""
    from readability import Document

    document = Document(sample.html)
    body = clean_fragment(document.summary(), base_url=sample.url or "", noise=Noise())
    return document.short_title(), body.text


def gne(sample: Sample) -> Result:
    """GeneralNewsExtractor."""
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(sample.html)
    return found["title"], found["content"]


OURS = "newscrawl"
ROUNDS = 5
CONTESTANTS: Mapping[str, tuple[str, Callable[[Sample], Result]]] = {
    OURS: (OURS, newscrawl),
    "trafilatura": ("trafilatura", trafilatura),
    "readability-lxml": ("readability", readability),
    "gne": ("gne", gne),
}
"""Package -> its module, and what reads a page with it."""


def samples(manifest: Path) -> list[Sample]:
    """Return the pages that a manifest names, with their text decoded for the peers."""
    found = []
    for line in manifest.read_text(encoding="utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        body = (manifest.parent / entry["file"]).read_bytes()
        html = body.decode(entry.get("charset") or "utf-8", "replace")
        expected = entry["expected"]
        found.append(Sample(entry["url"], body, html, expected["title"], expected["text"]))
    return found


def folded(text: str) -> str:
    """Return text as it is compared: NFKC, straight quotes, no white space."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("“”‘’", "\"\"''"))
    return re.sub(r"\s+", "", text)


def likeness(found: str, expected: str) -> float:
    """Return the F1 of two texts' character bigrams, counted as multisets."""
    ours, theirs = (Counter(map("".join, pairwise(t))) for t in (found, expected))
    common = sum((ours & theirs).values())
    return 2 * common / max(1, sum(ours.values()) + sum(theirs.values()))


def read_all(contestant: Callable[[Sample], Result], pages: list[Sample]) -> list[Result]:
    """Return what is read from each page; what a peer cannot read counts as empty."""
    results: list[Result] = []
    for page in pages:
        try:
            results.append(contestant(page))
        except Exception:  # noqa: BLE001  (a peer's failure is its result)
            results.append(("", ""))
    return results


def quality(results: list[Result], pages: list[Sample]) -> dict[str, float]:
    """Return the part of the titles that is right, and the mean likeness of the texts."""
    pairs = list(zip(results, pages, strict=True))
    return {
        "title": round(mean(folded(got[0]) == folded(page.title) for got, page in pairs), 3),
        "text_f1": round(
            mean(likeness(folded(got[1]), folded(page.text)) for got, page in pairs), 3
        ),
    }


def main(manifest: str, rounds: int = ROUNDS) -> dict[str, object]:
    """Return CPU milliseconds a page and quality of ourselves and every peer that is installed."""
    pages = samples(Path(manifest))
    taking_part = {
        name: read
        for name, (module, read) in CONTESTANTS.items()
        if importlib.util.find_spec(module)
    }
    # Imports and compiled patterns, which come with the first pass, are not of a page.
    results = {name: read_all(read, pages) for name, read in taking_part.items()}
    spent: dict[str, list[float]] = {name: [] for name in taking_part}
    for _ in range(rounds):
        for name, read in taking_part.items():
            begun = process_time()
            read_all(read, pages)
            spent[name].append((process_time() - begun) / len(pages) * 1000)
    figures = {
        name: {
            "version": version(name),
            "peer": name != OURS,
            "ms": round(min(spent[name]), 2),
            **quality(results[name], pages),
        }
        for name in taking_part
    }
    fastest = min((min(spent[name]) for name in spent if name != OURS), default=None)
    faster = {} if fastest is None else {"times_as_fast": round(fastest / min(spent[OURS]), 1)}
    return {"pages": len(pages), "extractors": figures, **faster}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), indent=2))
