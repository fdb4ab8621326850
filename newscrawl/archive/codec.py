"""How values stand in the tables: hashes, times, entries, articles."""

import dataclasses
import json
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii

import msgspec

from newscrawl.items import Article
from newscrawl.listings import Entry

_HINTS = tuple((field.name, field.default) for field in dataclasses.fields(Entry))
"""Names and defaults of an entry's fields; what has none is equal to no value."""

_WHOLE_SECOND = len("2022-01-21T16:30:05Z")
_ARTICLE = msgspec.json.Decoder(Article)


def digest(url_hash: str) -> bytes:
    """Return the 32 bytes of a SHA-256 in hex; raise ``ValueError`` for anything else."""
    value = bytes.fromhex(url_hash)
    if len(value) != 32:
        raise ValueError(f"not a SHA-256 in hex: {url_hash!r}")
    return value


def to_time(moment: datetime) -> str:
    """Return an aware time as UTC ISO 8601 of fixed width, whose text order is its order.

    ``2022-01-21T16:30:05.000000Z``; SQLite's own date functions read it. Raises
    ``ValueError`` for a naive time.
    """
    if moment.tzinfo is None:
        raise ValueError(f"time without a zone: {moment}")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    text: str = msgspec.to_builtins(utc)  # a fifth of the time of datetime.isoformat
    return f"{text[:-1]}.000000Z" if len(text) == _WHOLE_SECOND else text


def from_time(text: str) -> datetime:
    """Return the aware UTC time of ``to_time``'s text."""
    return datetime.fromisoformat(text)


def to_entry(entry: Entry) -> str:
    """Return an entry as JSON without its empty fields.

    ASCII, so that a lone surrogate in a publisher's record cannot stop a crawl (H52).
    """
    # As ``json.dumps`` of all of it would write it: nearly all values are texts.
    fields = []
    for name, default in _HINTS:
        value = getattr(entry, name)
        if value != default:
            plain = msgspec.to_builtins(value)
            text = encode_basestring_ascii(plain) if type(plain) is str else json.dumps(plain)
            fields.append(f'"{name}": {text}')
    return f"{{{', '.join(fields)}}}"


def from_entry(text: str) -> Entry:
    """Return the entry of ``to_entry``'s text."""
    return msgspec.convert(json.loads(text), Entry)


def to_article(article: Article) -> bytes:
    """Return the whole article as JSON; a statement takes it as ``CAST(? AS TEXT)``.

    A string would be decoded here and encoded again by SQLite, which takes longer than the JSON.
    """
    return msgspec.json.encode(article)


def from_article(text: str | bytes) -> Article:
    """Return the article of ``to_article``'s text; fields it lacks take their default."""
    return _ARTICLE.decode(text)
