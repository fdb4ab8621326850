"""Which article a person means: by address, identity, code, hash or post."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from newscrawl.archive import Archive
from newscrawl.archive.answers import SHORTEST
from newscrawl.config import Config
from newscrawl.export.dialects import dialects
from newscrawl.export.manifest import FILE_NAME, Manifest
from newscrawl.export.posts import ExportError
from newscrawl.identity.identities import Identity, hash_url, identify
from newscrawl.identity.urls import UnsafeURL, canonical_url, comparison_url
from newscrawl.importing.identity import by_code, by_name
from newscrawl.importing.origins import Origin
from newscrawl.operations.importing import origins_of

_HASH = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}", re.IGNORECASE)


class AmbiguousNameError(ValueError):
    """What was named may be several articles; the message says which."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means, whether the archive knows it or not.

    hashes: of the addresses that it may be known under, the likeliest first. canonical: its
    address in the one spelling. identity, rule: where a rule of a source recognised it, else
    None. source: whose address or identity it is, None for nobody's.
    """

    name: str
    hashes: tuple[str, ...] = ()
    canonical: str | None = None
    identity: Identity | None = None
    rule: str | None = None
    source: str | None = None


def look_up(name: str, archive: Archive, config: Config) -> tuple[Named, str | None]:
    """Return what a name means, and the hash that the archive has it under, None for none.

    A name is an address, an identity (``sina:…``), a code (``NW…``), the beginning of a
    hash, or the path of a post. Raises ``AmbiguousNameError`` where that is several articles,
    and ``ArchiveError``.
    """
    text = name.strip()
    origins = origins_of(config)
    named = _of_address(text, origins) if "://" in text else _of_identity(text, origins)
    if key := archive.answers.known(named.hashes):
        return named, key
    if _HASH.fullmatch(text):
        found = archive.answers.beginning(text.lower())
        return named, _only(text, found)
    if "://" not in text and Path(text).suffix:
        post, owners = _of_post(Path(text), archive, origins)
        return post, _only(text, owners) or archive.answers.known(post.hashes)
    return named, None


def rule_of(url: str, origins: Sequence[Origin]) -> str | None:
    """Return the identity rule that recognises an address, by the keys that it makes."""
    for origin in origins:
        with suppress(UnsafeURL):
            address = canonical_url(url, origin.drop_parameters)
            for rule in origin.rules:
                if rule.pattern.search(address):
                    return rule.key
    return None


def _of_address(url: str, origins: Sequence[Origin]) -> Named:
    """Return what an address means; nothing for one that must not be asked for."""
    owner = next((each for each in origins if _owns(each, url)), None)
    coded = by_code(url, origins)
    try:
        canonical = canonical_url(url, owner.drop_parameters if owner else frozenset())
    except UnsafeURL:
        return Named(url)
    urls = [coded[1].url] if coded else []
    identity = coded[1] if coded else None
    if owner is not None:
        own = identify(url, owner.rules, owner.drop_parameters)
        urls.append(own.url)
        identity = identity or own
    urls += [comparison_url(url), canonical, url]
    source = (coded[0] if coded else owner) or None
    return Named(
        url,
        tuple(dict.fromkeys(map(hash_url, urls))),
        canonical,
        identity,
        rule_of(url, origins),
        source.name if source else None,
    )


def _owns(origin: Origin, url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname) and origin.owns(url)
    except ValueError:  # no address that could be read
        return False


def _of_identity(text: str, origins: Sequence[Origin]) -> Named:
    """Return what an identity or a bare code means."""
    found = by_name(f"0000-00-00-{text.replace(':', '-')}", origins)
    if found is not None:
        origin, identity = found
        hashes = (identity.url_hash,)
        rule = rule_of(identity.url, origins)
        return Named(text, hashes, identity.url, identity, rule, origin.name)
    return Named(text, (hash_url(text),))  # such as that of a post that told no address


def _of_post(path: Path, archive: Archive, origins: Sequence[Origin]) -> tuple[Named, list[str]]:
    """Return what the file of a post means, and whose it is by the record of its folder."""
    named = by_name(path.stem, origins)
    means = Named(str(path))
    if named is not None:
        origin, identity = named
        means = Named(
            str(path),
            (identity.url_hash,),
            identity.url,
            identity,
            rule_of(identity.url, origins),
            origin.name,
        )
    full = path.absolute()
    inside = path if not path.is_absolute() else None
    for dialect in dialects():
        places = [(up, full.relative_to(up)) for up in full.parents if (up / FILE_NAME).is_file()]
        if inside is not None:  # or as `explain` shows it, below the folder of its dialect
            places.append((archive.folder / dialect, inside))
        for root, relative in places:
            with suppress(ExportError):
                if owners := _owners(root, dialect, PurePosixPath(relative)):
                    return means, owners
    return means, []


def _owners(root: Path, dialect: str, path: PurePosixPath) -> list[str]:
    manifest = Manifest(root, dialect)
    try:
        return manifest.owners_at(path)
    finally:
        manifest.close()


def _only(name: str, found: Sequence[str]) -> str | None:
    if len(found) > 1:
        shown = ", ".join(each[:16] for each in found[:5])
        more = ", ..." if len(found) > 5 else ""
        raise AmbiguousNameError(f"{name!r} may be {len(found)} articles: {shown}{more}")
    return found[0] if found else None
