"""What one crawl of one source is asked for: sections, dates, limits. Typed and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.config import Config, ConfigError, Source
from newscrawl.listings import Section
from newscrawl.names import unknown

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Arguments of one source's crawl.

    sections: what was asked for by name, in the source's order; empty asks for the
    configured or default ones. since, until: aware bounds, until exclusive. limit: most
    articles taken of each section. full: walk whole listings, past what is known.
    recrawl: fetch known articles again, listed or not. pictures: ask no listing; fetch the
    pictures of what is stored and matches the others.
    """

    sections: tuple[Section, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    full: bool = False
    pictures: bool = False
    recrawl: bool = False

    @property
    def wants_whole_pages(self) -> bool:
        """Whether more than the news of a listing is asked for."""
        return bool(self.full or self.recrawl or self.since or self.until)

    @classmethod
    def of_arguments(
        cls, spider: "type[SourceSpider]", arguments: Mapping[str, Any]
    ) -> "CrawlOptions":
        """Read spider arguments, strings as ``scrapy crawl -a`` gives them, or typed.

        Known: ``section`` (comma-separated ids or names), ``since``, ``until``
        (YYYY-MM-DD in the source's zone), ``limit``, ``full``, ``pictures``, ``recrawl``.
        Raises ``ValueError`` with the nearest valid name.
        """
        known = {"section", "since", "until", "limit", "full", "pictures", "recrawl"}
        for name in arguments.keys() - known:
            raise unknown("argument", name, known, f"there are {', '.join(sorted(known))}")
        since = _day(arguments.get("since"), spider)
        until = _day(arguments.get("until"), spider)
        if since and until and since > until:
            raise ValueError("since is later than until")
        limit = arguments.get("limit")
        if limit is not None and int(limit) < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        return cls(
            find_sections(spider, str(arguments.get("section") or "").split(",")),
            since,
            until + timedelta(days=1) if until else None,
            None if limit is None else int(limit),
            _flag(arguments.get("full")),
            _flag(arguments.get("pictures")),
            _flag(arguments.get("recrawl")),
        )

    def asked(self) -> dict[str, Any]:
        """Return what was asked as plain data, for the record of the run."""
        return {
            "sections": [section.id for section in self.sections],
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "limit": self.limit,
            "full": self.full,
            "pictures": self.pictures,
            "recrawl": self.recrawl,
        }


def find_sections(spider: "type[SourceSpider]", names: Iterable[str]) -> tuple[Section, ...]:
    """Return the sections that ids or Chinese names mean, in the source's own order.

    Blank names mean nothing. Raises ``UnknownNameError`` that names the nearest section.
    """
    found: dict[str, Section] = {}
    for name in filter(None, map(str.strip, names)):
        section = spider.find_section(name)
        if section is None:
            raise unknown_section(name, [spider])
        found[section.id] = section
    order = {section_id: position for position, section_id in enumerate(spider.sections)}
    return tuple(sorted(found.values(), key=lambda section: order.get(section.id, len(order))))


def unknown_section(name: str, among: "Sequence[type[SourceSpider]]") -> ValueError:
    """Return the error for a section that none of these sources has."""
    sections = [section for spider in among for section in spider.sections.values()]
    valid = [text for section in sections for text in (section.id, section.name)]
    where = " or ".join(spider.name for spider in among)
    return unknown(f"section of {where}", name, valid, "`newscrawl sources` lists them")


def sections_to_crawl(
    spider: "type[SourceSpider]", asked: Sequence[Section], config: Config
) -> tuple[Section, ...]:
    """Return the sections of a run: asked for, else configured, else the source's default.

    Configured stocks come beside the configured sections. Raises ``ConfigError`` for a
    configured section or stock that the source does not have.
    """
    if asked:
        return tuple(asked)
    own = config.sources.get(spider.name, Source())
    default = tuple(section for section in spider.sections.values() if section.default)
    try:
        sections = find_sections(spider, own.sections) or default
        stocks = tuple(spider.stock_section(symbol) for symbol in own.stocks)
    except ValueError as error:
        raise ConfigError(f"[sources.{spider.name}]: {error}") from error
    return tuple({section.id: section for section in (*sections, *stocks)}.values())


def check_sources(config: Config, known: "Mapping[str, type[SourceSpider]]") -> None:
    """Raise ``ConfigError`` for a configured source, section or stock that does not exist."""
    for name in config.sources:
        if name not in known:
            problem = unknown("source", name, known, f"there are {', '.join(known)}")
            raise ConfigError(f"[sources.{name}]: {problem}")
        sections_to_crawl(known[name], (), config)


def _flag(value: Any) -> bool:
    return str(value).lower() in {"1", "true", "yes"}


def _day(value: Any, spider: "type[SourceSpider]") -> datetime | None:
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"not a date (YYYY-MM-DD): {value!r}") from error
    return datetime.combine(day, time.min, tzinfo=spider.timezone)
