"""Why a document is not taken."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a document; docs/import.md says what to do about each."""

    LINK = "symbolic_link"
    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    NO_FRONT_MATTER = "no_front_matter"
    BAD_YAML = "bad_yaml"
    NO_POST = "no_post"
    """A page of a site that is no post: a category stub, a layout."""
    NO_TITLE = "no_title"
    NO_DATE = "no_date"
    NO_BODY = "no_body"
    HOSTILE = "hostile_markup"
    BAD_NAME = "bad_name"
    NAME_TAKEN = "name_taken"
    """With ``--verbatim``: other bytes are kept under this file name."""


class Broken(Exception):  # noqa: N818  (says what the document is)
    """This document is not taken; the file stays as it is, and nothing of it is stored.

    detail: what a person would want to read, may be empty.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
