"""What one crawl of one source is asked for: sections, dates, limits. Typed and checked."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.listings import Section

if TYPE_CHECKING:
    from newscrawl.spiders.base import SourceSpider


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Arguments of one source's crawl.

    sections: what was asked for by name, in the source's order; empty asks for the
    configured or default ones. since, until: aware bounds, until exclusive. limit: most
    articles taken of each section. full: walk whole listings, past what is known.
    """

    sections: tuple[Section, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    full: bool = False

    @classmethod
    def of_arguments(
        cls, spider: "type[SourceSpider]", arguments: Mapping[str, Any]
    ) -> "CrawlOptions":
        """Read spider arguments, strings as ``scrapy crawl -a`` gives them, or typed.

        Known: ``section`` (comma-separated ids or names), ``since``, ``until``
        (YYYY-MM-DD in the source's zone), ``limit``, ``full``. Raises ``ValueError``
        with the nearest valid name.
        """
        known = {"section", "since", "until", "limit", "full"}
        for name in arguments.keys() - known:
            raise ValueError(f"unknown argument {name!r}; valid: {', '.join(sorted(known))}")
        since = _day(arguments.get("since"), spider)
        until = _day(arguments.get("until"), spider)
        if since and until and since > until:
            raise ValueError("since is later than until")
        limit = arguments.get("limit")
        if limit is not None and int(limit) < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        return cls(
            find_sections(spider, str(arguments.get("section") or "")),
            since,
            until + timedelta(days=1) if until else None,
            None if limit is None else int(limit),
            str(arguments.get("full", "")).lower() in {"1", "true", "yes"},
        )

    def asked(self) -> dict[str, Any]:
        """Return what was asked as plain data, for the record of the run."""
        return {
            "sections": [section.id for section in self.sections],
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "limit": self.limit,
            "full": self.full,
        }


def find_sections(spider: "type[SourceSpider]", names: str) -> tuple[Section, ...]:
    """Return the sections that comma-separated ids or Chinese names mean, ordered.

    Raises ``ValueError`` that names the nearest valid id.
    """
    by_name = {section.name: section for section in spider.sections.values()}
    found: dict[str, Section] = {}
    for name in filter(None, (part.strip() for part in names.split(","))):
        section = spider.find_section(name) or by_name.get(name)
        if section is None:
            nearest = difflib.get_close_matches(name, [*spider.sections, *by_name], n=1, cutoff=0.5)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            raise ValueError(
                f"{spider.name} has no section {name!r}{hint}"
                f" ('newscrawl sources {spider.name}' lists them)"
            )
        found[section.id] = section
    order = {section_id: position for position, section_id in enumerate(spider.sections)}
    return tuple(sorted(found.values(), key=lambda section: order.get(section.id, len(order))))


def _day(value: Any, spider: "type[SourceSpider]") -> datetime | None:
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"not a date (YYYY-MM-DD): {value!r}") from error
    return datetime.combine(day, time.min, tzinfo=spider.timezone)
