"""Helpers: stand-ins in this process, asked by URL as a crawler would."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from newscrawl.replica.options import ReplicaOptions
from newscrawl.replica.registry import build
from newscrawl.replica.standin import Expected, Reply, Request, StandIn
from newscrawl.replica.world import Clock


def stand_in(name: str, clock: Clock | None = None, **options: Any) -> StandIn:
    """Return one source of a small world."""
    options = {"articles": 600, **options, "only": name}
    return build(ReplicaOptions(**options), clock or Clock())[0]


def ask(source: StandIn, url: str) -> Reply:
    """Return the answer to a URL."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return source.answer(Request(parts.scheme, parts.hostname or "", unquote(parts.path), query))


def text(source: StandIn, url: str) -> str:
    """Return the answer's text, UTF-8."""
    return ask(source, url).body.decode()


def ask_json(source: StandIn, url: str) -> Any:
    """Return the answer's JSON, out of ``var ajaxResult=`` if need be."""
    return json.loads(re.sub(r"^var ajaxResult=|;$", "", text(source, url)))


def some(source: StandIn, **facts: object) -> Expected:
    """Return the newest article with these facts."""
    return next(
        item
        for item in source.all_expected()
        if all(getattr(item, name) == value for name, value in facts.items())
    )
