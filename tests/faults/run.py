"""``python -m tests.faults.run --folder OUT [--at N] [--do kill] -- crawl …``: one command, struck.

Runs ``newscrawl`` with what stands behind ``--``. A test that runs many starts them from
``tests.faults.zygote``, where everything is imported already.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import newscrawl
from newscrawl.cli import root
from tests.faults.boundaries import DEEDS, Plan, install


def run(arguments: Sequence[str], plan: Plan | None, clock: str | None = None) -> None:
    """Run a command of newscrawl; always ends in ``SystemExit``."""
    if clock is not None:
        import_everything()
        set_clock(clock)
    if plan is not None:
        install(plan)
    root.newscrawl.main(args=list(arguments), prog_name="newscrawl")


def set_clock(text: str) -> None:
    """Let the clock of this process show another time: ``datetime.now`` and what is asked by it.

    text: when it is now, ISO 8601 with a zone, from where it goes on.
    """
    shift = datetime.fromisoformat(text) - datetime.now().astimezone()

    class Instead(type):
        """In all but the time it is ``datetime``: what it makes are plain ones."""

        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + shift

        def __getattr__(cls, name: str) -> Any:
            return getattr(datetime, name)

        def __call__(cls, *arguments: Any, **options: Any) -> datetime:
            return datetime(*arguments, **options)  # noqa: DTZ001  (as it is called)

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    clock = Instead("datetime", (), {})
    for name, module in list(sys.modules.items()):
        if name.startswith("newscrawl."):
            for known in [known for known, value in vars(module).items() if value is datetime]:
                setattr(module, known, clock)


def import_everything() -> None:
    """Import what any command would."""
    for module in pkgutil.walk_packages(newscrawl.__path__, "newscrawl."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    # What Scrapy loads by name, from its settings.
    for name in ("core.downloader", "core.scheduler", "core.scraper", "pqueues", "dupefilters",
                 "squeues", "resolver", "logformatter", "statscollectors", "spiderloader",
                 "extensions.corestats", "extensions.memusage", "pipelines.media",
                 "downloadermiddlewares.offsite", "downloadermiddlewares.downloadtimeout",
                 "downloadermiddlewares.defaultheaders", "downloadermiddlewares.useragent",
                 "downloadermiddlewares.retry", "downloadermiddlewares.httpcompression",
                 "downloadermiddlewares.stats", "spidermiddlewares.referer",
                 "spidermiddlewares.start", "fingerprint"):  # fmt: skip
        try:
            importlib.import_module(f"scrapy.{name}")
        except ModuleNotFoundError:  # of another version; it costs a little time only
            continue


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.faults.run", description=__doc__)
    parser.add_argument("--folder", required=True, help="only passages below it count")
    parser.add_argument("--record", default="", help="file that every passage is written to")
    parser.add_argument("--at", type=int, default=0, help="number of the passage that is struck")
    parser.add_argument("--do", dest="deed", choices=DEEDS, default="kill")
    parser.add_argument("--call", default="", help="count only passages of this call")
    parser.add_argument("--kind", default="", help="count only passages of this kind of file")
    parser.add_argument("--lasting", action="store_true", help="strike all further ones too")
    parser.add_argument("--clock", help="what the clock shows, ISO 8601 with a zone")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given: dict[str, Any] = vars(parser.parse_args())
    command, clock = given.pop("command"), given.pop("clock")
    run(command[1:] if command[:1] == ["--"] else command, Plan(**given), clock)


if __name__ == "__main__":
    main()
