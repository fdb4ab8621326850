"""Our extraction beside general extractors, on the same captured pages, in one run.

``python -m benchmarks.peers MANIFEST.jsonl``: lines ``{"file", "url", "expected": {"title",
"text"}}``. A peer takes part where it is installed (``pip install trafilatura
lxml_html_clean readability-lxml gne``); our own figures are of the same process.
"""

import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
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


CONTESTANTS: dict[str, Callable[[Sample], Result]] = {
    "newscrawl": newscrawl,
    "trafilatura": trafilatura,
    "readability": readability,
    "gne": gne,
}


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


def measure(contestant: Callable[[Sample], Result], pages: list[Sample]) -> dict[str, float]:
    """Return quality and CPU milliseconds a page; what a peer cannot read counts as empty."""
    results: list[Result] = []
    begun = process_time()
    for page in pages:
        try:
            results.append(contestant(page))
        except Exception:  # noqa: BLE001  (a peer's failure is its result)
            results.append(("", ""))
    spent = process_time() - begun
    pairs = list(zip(results, pages, strict=True))
    return {
        "ms": round(spent / len(pages) * 1000, 2),
        "title": round(mean(folded(got[0]) == folded(page.title) for got, page in pairs), 3),
        "text_f1": round(
            mean(likeness(folded(got[1]), folded(page.text)) for got, page in pairs), 3
        ),
    }


def main(manifest: Path) -> dict[str, dict[str, float]]:
    """Measure ourselves and every peer that is installed."""
    pages = samples(manifest)
    installed = [n for n in CONTESTANTS if n == "newscrawl" or importlib.util.find_spec(n)]
    for name in installed:
        CONTESTANTS[name](pages[0])  # imports and compiled patterns are not of a page
    return {name: measure(CONTESTANTS[name], pages) for name in installed}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), indent=2))
