"""A finding: what would break a site or mislead its readers, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a person should look at.

    file: path from the site's folder. line: of the file, from 1; 0 where it is about the
    whole file. what: what was found. why: what the generator makes of it. advice: what to do.
    """

    file: str
    line: int
    what: str
    why: str
    advice: str
