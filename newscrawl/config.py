"""newscrawl.toml: typed, validated, with a message that names the nearest valid key."""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field, structs

from newscrawl.names import nearest

FILE_NAME = "newscrawl.toml"
PICSUM = "https://picsum.photos/400/300?random="

Positive = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]
Window = Annotated[str, Meta(pattern=r"^([1-9][0-9]{0,4}d|all)$")]
"""How many days of posts are built: ``3d``, or ``all``."""
Every = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,4}[mhd]$")]
"""How often: ``10m``, ``2h``, ``1d``."""
Images = Literal["remote", "local"]
"""Where the pictures of posts are: at the publisher, or beside the posts."""


class ConfigError(Exception):
    """The configuration cannot be used; the message says which key and what to do."""


class Site(Struct, forbid_unknown_fields=True, frozen=True):
    """Addresses that the posts link to."""

    base: str = "//news.example.com"
    """Base of the links back to the category and home pages, without final slash."""
    share_base: str = "http://choicewzp1.eastmoney.com"
    """Base of the share pages of articles that have no address but an NW code."""
    image_base: str = "/images"
    """Address under which the site serves its pictures, without final slash."""
    title: str = "财经新闻"
    """Name of a site that ``newscrawl site init`` begins."""


class Output(Struct, forbid_unknown_fields=True, frozen=True):
    """Where things are written."""

    directory: str = "output"
    dialects: tuple[str, ...] = ("jekyll", "hexo")
    """Dialects that every crawl writes; each goes to ``<directory>/<dialect>/``."""
    window: dict[str, Window] = field(default_factory=dict)
    """Dialect -> how many days of its posts are built; older ones lie in ``old_post/``."""
    images: Images = "remote"
    """``local`` fetches the pictures and lets the posts show these."""


class Crawl(Struct, forbid_unknown_fields=True, frozen=True):
    """How we ask; the defaults are polite and bounded (design §8)."""

    contact: str = ""
    """Address or URL of the operator, sent in the user agent."""
    delay: Annotated[float, Meta(ge=0)] = 1.0
    """Least seconds between two requests to one host."""
    timeout: Positive = 30.0
    """Seconds for one response from first byte asked to last byte read."""
    max_size: Count = 16 * 1024 * 1024
    """Bytes of a response, also after decompression."""
    max_pages: Count = 50
    """Pages of one listing in one run."""
    max_redirects: Annotated[int, Meta(ge=0, le=20)] = 5
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    attempts: Count = 50
    """Runs that try a failing article before it is left alone: enough for cron every ten
    minutes to outlive a working day's outage of the site."""
    every: Every | None = None
    """How often a source is to be crawled: what ``crawl --due`` and ``status`` go by."""
    jobs: Count = 1
    """Processes that a crawl shares its sources out over, where --jobs does not say."""


class Raw(Struct, forbid_unknown_fields=True, frozen=True):
    """The raw record: every page as it came, in WARC files."""

    keep: bool = True
    max_file: Count = 256 * 1024 * 1024
    """Bytes of one file, after which the next one is begun."""
    max_total: Annotated[int, Meta(ge=0)] = 0
    """Bytes of all files, above which the oldest ones are removed; 0 is no limit."""
    max_age: Annotated[int, Meta(ge=0)] = 0
    """Days after which a finished file is removed; 0 is no limit."""


class SectionNames(Struct, forbid_unknown_fields=True, frozen=True):
    """Names of one section in the posts."""

    feed: str | None = None


class Source(Struct, forbid_unknown_fields=True, frozen=True):
    """One source, switched and named."""

    enabled: bool = True
    sections: tuple[str, ...] = ()
    """Sections to crawl when none is asked for; empty means the source's own default."""
    every: Every | None = None
    """How often it is to be crawled, where not as often as the others."""
    stocks: tuple[str, ...] = ()
    """Stock symbols whose per-stock news is crawled, such as ``sh600000``."""
    group: str | None = None
    title: str | None = None
    names: dict[str, SectionNames] = field(default_factory=dict)


class Config(Struct, forbid_unknown_fields=True, frozen=True):
    """The whole file. Every key has a default: an empty file is a valid one."""

    site: Site = field(default_factory=Site)
    output: Output = field(default_factory=Output)
    crawl: Crawl = field(default_factory=Crawl)
    raw: Raw = field(default_factory=Raw)
    sources: dict[str, Source] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    """Media name -> slug, where the reading by characters is not wanted."""

    def with_images(self, images: Images | None) -> "Config":
        """Return the same configuration with pictures where ``images`` says, if it says."""
        if images is None:
            return self
        return structs.replace(self, output=structs.replace(self.output, images=images))

    def with_directory(self, folder: Path | None) -> "Config":
        """Return the same configuration with another output folder, if one is given."""
        if folder is None:
            return self
        return structs.replace(self, output=structs.replace(self.output, directory=str(folder)))

    def without_raw(self) -> "Config":
        """Return the same configuration with no raw record kept."""
        return structs.replace(self, raw=structs.replace(self.raw, keep=False))

    @property
    def directory(self) -> Path:
        """Folder of everything that is written."""
        return Path(self.output.directory)


def load_config(path: Path | None = None) -> Config:
    """Read ``path``, else ``$NEWSCRAWL_CONFIG``, else ``newscrawl.toml`` here, else defaults.

    Raises ``ConfigError`` for a file that was named and is missing, bad TOML, an unknown
    key (with the nearest valid one), or a value of the wrong type or range.
    """
    named = path or (
        Path(os.environ["NEWSCRAWL_CONFIG"]) if "NEWSCRAWL_CONFIG" in os.environ else None
    )
    file = named or Path(FILE_NAME)
    if not file.exists():
        if named:
            raise ConfigError(f"{file}: no such file")
        return Config()
    try:
        return parse_config(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from error


def parse_config(text: str) -> Config:
    """Return the configuration that TOML ``text`` states; raise ``ConfigError``."""
    try:
        return msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(str(error))) from error


def _explain(message: str) -> str:
    """Add the nearest valid key to msgspec's message about an unknown one."""
    unknown = re.search(r"unknown field `([^`]+)`", message)
    if not unknown:
        return message
    known = {
        name
        for struct in (Config, Site, Output, Crawl, Raw, Source, SectionNames)
        for name in struct.__struct_fields__
    }
    close = nearest(unknown[1], known)
    hint = f"; did you mean `{close}`?" if close else ""
    return f"unknown key `{unknown[1]}`{hint} ({message})"
