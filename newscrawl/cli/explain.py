"""``newscrawl explain``: everything that is known of one address."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli import options
from newscrawl.cli.terminal import Terminal
from newscrawl.cli.words import counted, when
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode

if TYPE_CHECKING:
    from newscrawl.operations.explain import Decision, Explanation, RawCapture, Reading
    from newscrawl.operations.lookup import Named

MOST = 10
"""Looks at a page that are shown; ``--json`` has them all."""


@click.command()
@click.argument("name", metavar="URL")
@options.output
@options.as_json
@options.common
def explain(name: str, output: Path | None, as_json: bool, config: Config) -> int:
    """Say everything that is known of an address, and why it is as it is.

    Which article it is and by which rule, all its addresses, where and when it was listed,
    what was decided and why, how its text was read, where its raw pages and posts are. URL
    is any address of the article, its identity (sina:…, em:…), an NW code, the first eight
    or more digits of its hash, or the path of a post. Ends with 4 where nothing is known.

    \b
    Examples:  newscrawl explain https://finance.sina.com.cn/doc-inaaaaaa1234567.shtml
               newscrawl explain NW202201223333333333 --json
    """
    from newscrawl.archive import Archive
    from newscrawl.operations.explain import explain as explanation_of
    from newscrawl.operations.lookup import AmbiguousNameError

    terminal = Terminal()
    if not (path := options.archive_in(output, config)).exists():
        return options.say_no_archive(terminal, path)
    with Archive.open(path, read_only=True) as archive:
        try:
            found = explanation_of(archive, name, config)
        except AmbiguousNameError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        terminal.json(_as_data(found), indent=True)
    else:
        for heading, words in _facts(found):
            terminal.line(f"{heading:<12}  {words}".rstrip())
    return ExitCode.OK if found.url_hash else ExitCode.NOTHING_MATCHED


# ---- for people ------------------------------------------------------------------------


def _facts(found: "Explanation") -> Iterator[tuple[str, str]]:
    yield "asked", found.named.name
    if found.url_hash is None:
        yield from _unknown(found.named)
        return
    yield from _identity(found)
    for decision in found.decisions:
        yield from _decision(decision)
    if found.near:
        first = f"the first of {when(found.near[0].published_at)}; newscrawl similar lists them"
        yield "reprints", f"{counted(len(found.near), 'other article')}, {first}"
    if found.removal:
        at = when(datetime.fromisoformat(found.removal.removed_at))
        yield "removed", f"on {at}, because: {found.removal.reason}"
    for capture in found.captures[:MOST]:
        yield "raw page", _capture(capture)
    if len(found.captures) > MOST:
        yield "", f"and {counted(len(found.captures) - MOST, 'earlier look')}"
    for post in found.posts:
        yield "post", f"{post.path}{'' if post.there else ' (not there any more)'}"


def _identity(found: "Explanation") -> Iterator[tuple[str, str]]:
    """Yield which article it is, and all its names."""
    if found.alias_of:
        yield "same as", found.alias_of
    if found.reading:
        yield from _article(found.reading)
    elif found.named.identity:
        yield "identity", found.named.identity.key
    if found.rule:
        yield "recognised", f"by the rule {found.rule}"
    yield "hash", found.url_hash or ""
    if found.first_seen_at:
        yield "first seen", when(found.first_seen_at)
    own = found.reading.stored.url if found.reading else ""
    for url in dict.fromkeys(alias.url for alias in found.aliases):
        if url not in ("", own):
            yield "also", url


def _unknown(named: "Named") -> Iterator[tuple[str, str]]:
    yield "", "nothing is known of it"
    if not named.hashes:
        yield "", "it is no address that is ever asked for"
    elif named.identity is None:
        yield "", "no source recognises it"
    else:
        yield "would be", named.identity.key
        yield "recognised", f"by the rule {named.rule}" if named.rule else "by its address alone"
    if named.source:
        yield "source", f"{named.source} takes it, once one of its listings shows it"


def _article(reading: "Reading") -> Iterator[tuple[str, str]]:
    stored = reading.stored
    yield "article", stored.title
    yield "address", stored.url
    yield "identity", f"{stored.identity} of {stored.source}"
    rule = f" by {reading.date_source}" if reading.date_source else ""
    yield "published", f"{when(stored.published_at)}{rule}"
    if reading.updated_at:
        yield "updated", when(reading.updated_at)
    yield (
        "stored",
        (f"{counted(stored.revision, 'revision')}, last looked at {when(stored.fetched_at)}"),
    )
    version = f" {reading.extractor_version}" if reading.extractor_version else ""
    yield "read by", f"{reading.extractor or 'unknown rules'}{version}"
    if reading.from_listing:
        yield "", f"from the listing: {', '.join(reading.from_listing)}"
    if reading.flags:
        yield "flags", ", ".join(reading.flags)


def _decision(decision: "Decision") -> Iterator[tuple[str, str]]:
    entry = decision.entry
    yield (
        "listed in",
        (f"{entry.source} {entry.section}, first {when(entry.first_seen_at)}, as {entry.url}"),
    )
    ended = f", {when(entry.ended_at)}" if entry.ended_at else ""
    yield "", f"{entry.state} in run {entry.run}{ended}: {decision.decided}"
    if decision.next:
        yield "", decision.next


def _capture(capture: "RawCapture") -> str:
    repeat = ", the same bytes as before" if capture.repeat else ""
    place = f"{capture.file}:{capture.offset}"
    return f"{when(capture.fetched_at)}  {capture.status}  {place}{repeat}"


# ---- for programs ----------------------------------------------------------------------


def _as_data(found: "Explanation") -> dict[str, Any]:
    named, reading = found.named, found.reading
    return {
        "asked": named.name,
        "known": found.url_hash is not None,
        "canonical_url": named.canonical,
        "source": reading.stored.source if reading else named.source,
        "identity": reading.stored.identity if reading else _key(named),
        "rule": found.rule or named.rule,
        "url_hash": found.url_hash,
        "same_as": found.alias_of,
        "first_seen_at": found.first_seen_at,
        "aliases": found.aliases,
        "entries": [
            {**_fields(each.entry), "decided": each.decided, "next": each.next}
            for each in found.decisions
        ],
        "article": _article_data(reading) if reading else None,
        "reprints": [{"url": each.url, "distance": each.distance} for each in found.near],
        "captures": found.captures,
        "posts": [
            {"dialect": each.dialect, "path": str(each.path), "there": each.there}
            for each in found.posts
        ],
        "removed": {
            "removed_at": found.removal.removed_at,
            "reason": found.removal.reason,
            "url": found.removal.url,
        }
        if found.removal
        else None,
    }


def _key(named: "Named") -> str | None:
    return named.identity.key if named.identity else None


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _article_data(reading: "Reading") -> dict[str, Any]:
    return {
        **_fields(reading.stored),
        "updated_at": reading.updated_at,
        "extractor": reading.extractor,
        "extractor_version": reading.extractor_version,
        "date_source": reading.date_source,
        "flags": reading.flags,
        "from_listing": reading.from_listing,
    }
