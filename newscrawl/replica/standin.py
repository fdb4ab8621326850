"""What a stand-in of a source is: it answers requests, and knows what a crawl must find."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from newscrawl.replica.world import Lane, Members, Rota

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
JAVASCRIPT = "application/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the publisher would see it; ``host`` is lower case without port.

    referer: the page that names it, as the request says; "" where it does not.
    """

    scheme: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    referer: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. kind: what the statistics count it as. modified: of an article page."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    kind: str = "page"
    modified: datetime | None = None
    location: str = ""


def missing(text: str = "页面没有找到") -> Reply:
    """Return a 404 page."""
    page = f"<!DOCTYPE html><html><head><title>404</title></head><body><p>{text}</p></body></html>"
    return Reply(page.encode(), status=404, kind="missing")


def dump_json(value: Any, *, ascii_only: bool = False, slashes: bool = False) -> str:
    """Return compact JSON, with ``\\/`` and ``\\uXXXX`` escapes where the publisher has them."""
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    return text.replace("/", "\\/") if slashes else text


def number_in(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a positive number of the query, clamped without a word as publishers do."""
    value = query.get(name, "")
    return min(max(int(value), 1), most) if value.isdecimal() else default


@dataclass(frozen=True, slots=True)
class Expected:
    """What a full crawl must find of one article.

    outcome: ``stored``, else the outcome it ends as. kind: ``article`` or ``flash``, else
    the reason of that outcome. title is None where it is derived from the text. precision:
    how much of published_at the publisher shows (``second``, ``minute``, ``day``).
    body_text is compared without white space; the text of a flash is what follows its
    【title】. sections: the publisher's, as ``surface/parameters``, whose listings reach it
    within the publisher's limits; none where no listing does.
    """

    source: str
    identity: str
    url: str
    kind: str
    outcome: str
    title: str | None
    published_at: str
    media: str | None
    body_text: str
    sections: tuple[str, ...]
    precision: str = "second"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Captured:
    """A captured page of the folder mode; ``title`` and ``published_at`` are for its row."""

    host: str
    path: str
    query: str
    url: str
    body: bytes
    content_type: str
    title: str
    published_at: datetime
    media: str


def window(
    captured: Sequence[Captured], members: Sequence[int], page: int, rows: int
) -> tuple[Sequence[Captured], Sequence[int]]:
    """Return what page ``page`` of a listing shows: captured pages first, then articles."""
    start = (page - 1) * rows
    own = captured[start : start + rows]
    low = max(0, start - len(captured))
    return own, members[low : low + rows - len(own)]


class StandIn(ABC):
    """One source on loopback. Subclasses state their hosts and answer for them."""

    name: ClassVar[str]
    """The spider's name."""
    domains: ClassVar[tuple[str, ...]]
    """Domains whose hosts it answers for; addresses stand for themselves."""
    pictures: ClassVar[tuple[str, ...]]
    """How the names of the hosts end that serve its pictures."""
    strict_pictures: ClassVar[bool] = False
    """Whether its picture hosts refuse requests that name no page at all."""
    disallowed: ClassVar[Mapping[str, str]] = {}
    """Host -> a path that its robots.txt forbids and no crawl needs."""
    rota: ClassVar[Rota]
    """Which sections each article is in, as ``surface/parameters``."""
    limits: ClassVar[Mapping[str, int]]
    """How many articles of a section each surface shows at most."""

    def __init__(self, lane: Lane, seed: str, captured: Sequence[Captured] = ()) -> None:
        self.lane = lane
        self.seed = seed
        self.captured = tuple(page for page in captured if self.owns(page.host))
        self._captured = {self.article_code(page.path): page for page in self.captured}
        self._captured.pop(None, None)

    @classmethod
    def owns(cls, host: str) -> bool:
        """Whether ``host`` is one of this source's."""
        return any(host == domain or host.endswith(f".{domain}") for domain in cls.domains)

    @staticmethod
    @abstractmethod
    def article_code(path: str) -> str | None:
        """Return the publisher's id in an article's path, None where there is none."""

    @abstractmethod
    def listing(self, request: Request) -> Reply | None:
        """Return a page of a listing, None for a request of anything else."""

    @abstractmethod
    def page(self, request: Request) -> Reply:
        """Return an article in whatever form it is asked for, else ``missing()``."""

    def answer(self, request: Request) -> Reply:
        """Return the publisher's answer."""
        if request.host.endswith(self.pictures):
            # Only here: pictures are replies themselves, and take a drawing library.
            from newscrawl.replica.pictures import picture

            return picture(request, self.domains, strict=self.strict_pictures)
        return self.listing(request) or self.page(request)

    @abstractmethod
    def expected(self, number: int) -> Expected:
        """Return what a full crawl must find of article ``number``."""

    @abstractmethod
    def can_be_corrected(self, number: int) -> bool:
        """Whether a correction of article ``number`` could be seen."""

    def members(self, *sections: str) -> Members:
        """Return the numbers of the articles in any of ``sections``, newest first."""
        return self.rota.members(sections, self.lane.first, self.lane.end)

    def visible_sections(self, number: int) -> tuple[str, ...]:
        """Return the sections whose listings reach article ``number``."""
        return tuple(
            section
            for section in self.rota.sections(number)
            if self.members(section).place(number) < self.limits[section.partition("/")[0]]
        )

    def version(self, number: int) -> int:
        """Return how often article ``number`` has been corrected."""
        return self.lane.corrected(number, self.can_be_corrected)

    def captured_page(self, request: Request) -> Captured | None:
        """Return the captured page with this article's id, on whatever host and path."""
        return self._captured.get(self.article_code(request.path))

    def robots(self, host: str) -> str:
        """Return the robots.txt of ``host``."""
        path = self.disallowed.get(host, "")
        return f"User-agent: *\nDisallow: {path}\n"

    def all_expected(self) -> Iterator[Expected]:
        """Yield what a full crawl must find, newest first."""
        for number in range(self.lane.first, self.lane.end):
            yield self.expected(number)
