"""Why an address ended as it did, in the words of a person: reason of an outcome -> what it says.

The words that crawls store are in ``outcomes``, ``middlewares`` and the sources' rules; one
that is not here is shown as it is.
"""

from collections.abc import Mapping

from newscrawl.archive.answers import ListedEntry
from newscrawl.archive.tombstones import REASON
from newscrawl.outcomes import Outcome

REASONS: Mapping[str, str] = {
    # skipped: by the address or the listing's row, before anything is asked
    "advertisement": "the address is an advertisement's",
    "data": "the address is a page of figures, no article",
    "deleted": "the listing marks it as deleted",
    "forum": "the address is a forum's or a personal column's, no news",
    "listing_row": "it stands in a listing alone, and that shows it no more",
    "gallery": "a gallery of pictures without a text",
    "live": "a live broadcast, no article",
    "offsite": "the listing links to another site, which is not this source's",
    "topic": "the front page of a topic, no article",
    "trial": "a product trial, no article",
    "unsafe_url": "the address could be read in two ways, so it is not asked for",
    "video": "a video without a text",
    # skipped: by the page
    "not_archivable": "the page asks robots not to keep it",
    "robots": "robots.txt forbids it",
    # quarantined
    "no_body": "the page has no text that the rules find",
    "no_time": "neither page nor listing tells when it was published",
    "no_title": "neither page nor listing tells a title",
    # blocked: a wall in the article's place
    "challenge": "a page that asks for proof of being human came in its place",
    "forbidden": "the site forbade it (status 403)",
    "login": "a login page came in its place",
    "same_page": "the same page came for several articles: a wall",
    "too_many_requests": "the site was asked too often (status 429)",
    # gone
    "missing": "the publisher's record says that there is no such article",
    "removed": "its page says that it was removed",
    "redirected_home": "its address leads to the site's front page now",
    # failed
    "address_refused": "the address leads to no public host, so it is not asked",
    "bug": "the rules of the source failed on it; it is a fault of newscrawl",
    "coding": "the answer is packed in a way that cannot be undone",
    "connect": "the host refused the connection",
    "connection": "the connection broke",
    "dns": "the name of the host has no address",
    "empty": "the answer was empty",
    "extract": "its markup is too deep or too large to be read",
    "listing": "the listing that holds it could not be read",
    "no_address": "nothing says which article it is",
    "not_article": "what came is no page that the rules know",
    "redirect_downgrade": "it was redirected from https to http",
    "redirect_offsite": "it was redirected to another site",
    "redirect_unsafe": "it was redirected to an address that is not asked for",
    "redirects": "it was redirected too often",
    "timeout": "the answer took too long",
    "too_large": "the answer was larger than is taken",
    "truncated": "the answer broke off before its end",
    "type": "what came is of another kind than an article",
    # of stored articles
    "newer_rules": "newer rules read the same words better",
    "other_copy": "another copy of the same text came, which is no correction",
}
_HTTP = "http_"


def reason_words(state: Outcome, reason: str) -> str:
    """Return what a reason means, the reason itself where nothing more is known of it."""
    if state is Outcome.SKIPPED and reason == REASON:
        return "it was taken down here and is kept away (`newscrawl remove`)"
    if reason.startswith(_HTTP):
        return f"the site answered with status {reason.removeprefix(_HTTP)}"
    return REASONS.get(reason, reason.replace("_", " "))


def next_words(entry: ListedEntry, attempts: int) -> str:
    """Return what the next run makes of an entry; attempts: as configured."""
    if entry.state is Outcome.PENDING:
        return "the next run of this section fetches it first"
    if entry.state in (Outcome.FAILED, Outcome.BLOCKED):
        if entry.attempts < attempts:
            return f"tried again by the next run; {entry.attempts} of {attempts} runs have failed"
        return f"given up after {entry.attempts} runs; `newscrawl recrawl` asks again"
    if entry.state in (Outcome.SKIPPED, Outcome.GONE, Outcome.QUARANTINED):
        return "not asked for again unless the listing tells a later change"
    return ""
