"""Memory of a whole crawl does not grow with the number of articles (H128)."""

import sys
from pathlib import Path

import pytest

from benchmarks.measure import run
from newscrawl.replica.process import ReplicaProcess

FEW, MANY = 500, 3_000
MOST_GROWTH_MB = 40


@pytest.mark.slow
def test_H128_three_thousand_articles_take_little_more_memory_than_five_hundred(
    tmp_path: Path,
) -> None:
    peaks = {}
    for articles in (FEW, MANY):
        output = str(tmp_path / str(articles))
        with ReplicaProcess(articles=articles, seed=3) as replica:
            command = ["-m", "newscrawl", "crawl", "--via", replica.url, "--output", output]
            peaks[articles] = run([sys.executable, *command]).peak_mb
    assert peaks[MANY] - peaks[FEW] < MOST_GROWTH_MB, peaks
