"""When to leave a site alone: what its answers say of it rather than of one article."""

from collections import deque

from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.outcomes import Blocked, Outcome

MOST_IN_A_ROW = {Outcome.BLOCKED: 3, Outcome.FAILED: 20}
"""Ends in a row after which a site is left alone for this run: challenge pages (H71), and
failures, which then are the site's and not an article's (H21)."""
SAME_PAGE = 3
"""Articles that may not have the same page, byte for byte: it is a wall (H75)."""
REMEMBERED = 64
"""Pages that are compared; a wall comes in place of every page, so soon again."""


class Watch:
    """Watches the ends of one source's articles."""

    def __init__(self) -> None:
        self._in_a_row = dict.fromkeys(MOST_IN_A_ROW, 0)
        self._recent: deque[tuple[int, str | None]] = deque(maxlen=REMEMBERED)

    def read(self, page: Page, article: Article) -> None:
        """Note that an article was read; raise ``Blocked`` for a page that others had too.

        Pages that name one and the same address are one article under several names.
        """
        body = hash(page.body)
        others = {url for seen, url in self._recent if seen == body and url != article.url}
        self._recent.append((body, article.url))
        if len(others) >= SAME_PAGE - 1:
            raise Blocked("same_page", f"{len(others)} other articles have the same page")
        self._in_a_row = dict.fromkeys(MOST_IN_A_ROW, 0)

    def ended(self, outcome: Outcome) -> str | None:
        """Note an end without an article; return why to stop asking, None to go on."""
        if outcome not in self._in_a_row:
            return None
        self._in_a_row[outcome] += 1
        return f"{outcome}_in_a_row" if self._in_a_row[outcome] == MOST_IN_A_ROW[outcome] else None
