"""Where figures are kept: a JSON file for each benchmark, with its date and what was measured."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path("build/benchmarks")
"""Below the folder in which the benchmarks are run."""
MEASURED = ("scrapy", "aiohttp", "selectolax", "itemloaders", "python-frontmatter", "isal")


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of one benchmark, the day (UTC) and the versions that they are of."""

    day: str
    python: str
    cores: int
    versions: Mapping[str, str]
    figures: Mapping[str, Any]


def keep(name: str, figures: Mapping[str, Any], folder: Path = FOLDER) -> Record:
    """Write the figures of a benchmark that has just run, over those of the time before."""
    record = Record(
        day=datetime.now(UTC).date().isoformat(),
        python=platform.python_version(),
        cores=os.cpu_count() or 1,
        versions={package: version(package) for package in MEASURED},
        figures=figures,
    )
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(record), indent=2, ensure_ascii=False)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return record


def load(folder: Path = FOLDER) -> dict[str, Record]:
    """Return what is kept, by benchmark; nothing where the folder does not exist."""
    return {
        path.stem: Record(**json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    }
