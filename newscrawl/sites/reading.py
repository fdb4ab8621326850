"""Posts and configurations of a site, read as its generator reads them."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import yaml

Values = Mapping[str, Any]

_FRONT = {
    # Jekyll takes a file whose first bytes are no mark for one without front matter.
    "jekyll": re.compile(r"\A---[ \t]*\n(?P<head>.*?\n??)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M),
    "hexo": re.compile(r"\A\s*---[ \t]*\n(?P<head>.*?\n??)^---[ \t]*$\n?", re.S | re.M),
    "hugo": re.compile(
        r"\A\s*(?P<mark>---|\+\+\+)[ \t]*\n(?P<head>.*?\n??)^(?P=mark)[ \t]*$\n?", re.S | re.M
    ),
}
_MARKED = re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*$", re.M)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_RFC_1123 = re.compile(
    r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})"
)


class BrokenError(Exception):
    """A file cannot be read as its generator would; the message says why, in one line."""


_AsWritten = type(
    "_AsWritten",
    (getattr(yaml, "CSafeLoader", yaml.SafeLoader),),
    {
        "__doc__": "YAML whose dates stay the text that was written, which is the question here.",
        "yaml_implicit_resolvers": {
            first: [(tag, form) for tag, form in known if tag != "tag:yaml.org,2002:timestamp"]
            for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
        },
    },
)


@dataclass(frozen=True, slots=True)
class Post:
    """One post. path: in the posts folder. values: its front matter. body: the rest, as written.

    first_line: of the body in the file, from 1.
    """

    path: Path
    values: Values
    body: str
    first_line: int

    @property
    def date(self) -> str:
        """The date as it is written; empty where there is none."""
        value = self.values.get("date", "")
        return str(value) if isinstance(value, str | int | float | date) else ""


def read_post(file: Path, path: Path, generator: str) -> Post:
    """Read one post; raise ``BrokenError`` where the generator gets no front matter from it."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BrokenError(f"it is not UTF-8 (byte {error.start})") from error
    found = _FRONT[generator].match(text)
    if not found:
        if generator == "jekyll" and re.match(r"\s+---", text):
            raise BrokenError("something stands before the first ---")
        if _MARKED.match(text):
            raise BrokenError("its front matter has no end")
        raise BrokenError("it has no front matter")
    parse = _toml if found.groupdict().get("mark") == "+++" else _yaml
    values = parse(found["head"])
    if not isinstance(values, dict):
        raise BrokenError("its front matter is no list of keys")
    return Post(path, values, text[found.end() :], text.count("\n", 0, found.end()) + 1)


def read_configuration(file: Path) -> dict[str, Any]:
    """Return the values of a configuration file; raise ``BrokenError``."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenError(f"it is not UTF-8 (byte {error.start})") from error
    parse = {".toml": _toml, ".json": _json}.get(file.suffix, _yaml)
    values = parse(text)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise BrokenError("it is no list of keys")
    return values


def instant(written: str, zone: tzinfo) -> datetime | None:
    """Return the instant that a date names, aware; None for a text that is no date.

    zone: of a date without an offset.
    """
    text = written.strip()
    try:
        if _RFC_1123.fullmatch(text):
            return parsedate_to_datetime(text)
        parts = _ISO.fullmatch(text)
        if not parts:
            return None
        year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
        when = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if not parts[7]:
            return when.replace(tzinfo=zone)
        return datetime.fromisoformat(f"{when:%Y-%m-%dT%H:%M:%S}{_offset(parts[7])}")
    except ValueError:
        return None


def is_rfc_1123(written: str) -> bool:
    """Whether a date is written as ``Fri, 21 Jan 2022 16:30:05 GMT``."""
    return _RFC_1123.fullmatch(written.strip()) is not None


def has_offset(written: str) -> bool:
    """Whether a date says how far it is from UTC."""
    parts = _ISO.fullmatch(written.strip())
    return is_rfc_1123(written) or bool(parts and parts[7])


def _offset(written: str) -> str:
    return "+00:00" if written == "Z" else f"{written[:3]}:{written[-2:]}"


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, _AsWritten)  # noqa: S506  (a safe loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a number, a nest too large
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BrokenError(f"{getattr(error, 'problem', None) or 'no YAML'}{where}") from error


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenError(str(error)) from error


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BrokenError(str(error)) from error
