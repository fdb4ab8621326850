"""Whether database, raw record, pictures and posts agree (``newscrawl verify``)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newscrawl.archive import Archive
from newscrawl.archive.findings import Finding, Severity
from newscrawl.archive.raw import FOLDER
from newscrawl.config import Config
from newscrawl.exit_codes import ExitCode
from newscrawl.export.checking import check_posts
from newscrawl.export.removal import site_folders
from newscrawl.identity.identities import IdentityRule, coded_identity, hash_url
from newscrawl.identity.posts import is_unknown
from newscrawl.importing.identity import key_pattern


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to look over.

    archive: its SQLite file; everything else stands beside it. sites: folders of posts
    elsewhere. quick: read no text, page, picture or post, only what tables and folders say.
    progress: called with what is looked at, how much of it was, and how much there is.
    """

    config: Config
    archive: Path
    sites: Sequence[Path] = ()
    quick: bool = False
    progress: Callable[[str, int, int], None] | None = None


def run_verify(request: VerifyRequest) -> Iterator[Finding]:
    """Yield everything that is not as it should be; nothing is changed.

    Beside a crawl one state of the archive is looked at throughout. Raises ``ArchiveError``
    for an archive that cannot be opened or read at all, ``ExportError`` for a folder of
    ``sites`` that is none of ours.
    """
    quick, progress = request.quick, request.progress or _silent
    folder = request.archive.parent
    with Archive.open(request.archive, read_only=True) as archive, archive.checks.snapshot():
        yield from archive.checks.tables(quick=quick, hash_of=_hash_of(), progress=progress)
        files = archive.file_checks
        yield from files.raw(folder / FOLDER, quick=quick, progress=progress)
        yield from files.pictures(archive.images_folder, quick=quick, progress=progress)
        for root, dialect in site_folders(folder, request.sites).items():
            yield from check_posts(archive, root, dialect, quick=quick, progress=progress)


def exit_code(findings: Sequence[Finding]) -> ExitCode:
    """Return ``LOOK`` where a person should; a note alone is none of these."""
    looks = any(each.severity is not Severity.NOTE for each in findings)
    return ExitCode.LOOK if looks else ExitCode.OK


def _silent(_what: str, _done: int, _total: int) -> None:
    """Show nothing."""


def _hash_of() -> Callable[[str, str], str | None]:
    from newscrawl.spiders.registry import spiders

    rules = {name: spider.identities for name, spider in spiders().items()}
    return partial(hash_of_identity, rules)


def hash_of_identity(
    rules: Mapping[str, Sequence[IdentityRule]], source: str, identity: str
) -> str | None:
    """Return the hash that an article of this identity has, None where no rule tells.

    rules: source -> its rules, by which an identity is read back from the address made of it.
    """
    if is_unknown(identity) or identity.startswith(("http://", "https://")):
        return hash_url(identity)
    for rule in rules.get(source, ()):
        if named := key_pattern(rule.key).fullmatch(identity):
            url = rule.url.format_map(named.groupdict())
            coded = coded_identity(url, rules[source])
            if coded is not None and coded.key == identity:
                return coded.url_hash
    return None
