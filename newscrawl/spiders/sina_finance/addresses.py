"""Addresses of Sina: which article they stand for, and which are no articles (dossier §2)."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawl.identity.identities import IdentityRule

ARTICLE_URL = "https://finance.sina.com.cn/doc-i{core}.shtml"
"""Stands for an article whatever host, channel and date its page is under; it is hashed."""
FLASH_URL = "https://finance.sina.com.cn/7x24/?id={id}"
"""Stands for a flash that has no page of its own."""

_CORE = r"(?P<core>[a-z0-9]{13,16})(?![A-Za-z0-9])"

IDENTITIES = (
    # …/2026-09-28/doc-i<core>.shtml[.md], …/zl-i<core>.shtml (columnists),
    # …/detail-i<core>.d.html, on any host and path
    IdentityRule(
        re.compile(rf"//[^/]*\bsina\.(?:com\.)?cn/(?:[^?]*/)?(?:doc|detail|zl)-i{_CORE}"),
        "sina:{core}",
        ARTICLE_URL,
    ),
    # doc.sina.cn/?id=comos:<core>
    IdentityRule(
        re.compile(rf"//doc\.sina\.cn/\?(?:.*&)?id=comos(?::|%3A){_CORE}"),
        "sina:{core}",
        ARTICLE_URL,
    ),
    # 财经头条 cj.sina.com.cn/articles/view/<uid>/<hex>, 看点 k.sina.com.cn/article_<uid>_<hex>.html
    IdentityRule(
        re.compile(
            r"//(?:[^/]*\.)?(?:cj|k)\.sina\.(?:com\.)?cn/"
            r"(?:articles?/view/(?:\d+/)?|article_\d+_)[vp]?(?P<hex>[0-9a-f]{8,20})(?![0-9a-z])"
        ),
        "sina:{hex}",
        "https://cj.sina.com.cn/articles/view/{hex}",
    ),
    IdentityRule(re.compile(r"/7x24/\?id=(?P<id>\d+)$"), "sina:zhibo-{id}", FLASH_URL),
    # Before 2015: /china/20121219/012414044470.shtml, /y/2009-11-09/13562762964.shtml
    IdentityRule(
        re.compile(
            r"//[^/]*\bsina\.(?:com\.)?cn(?P<path>/[\w/.-]*\d{4}-?\d{2}-?\d{2}/\d{8,20}[a-z]?)\.s?html"
        ),
        "sina:{path}",
        "https://finance.sina.com.cn{path}.shtml",
    ),
)

DROP_PARAMETERS = frozenset(
    {"froms", "from", "vt", "cid", "node_id", "autocallup", "isfromsina", "finpagefr", "cre"}
    | {"mod", "loc", "r", "doct", "rfunc", "source"}
)

# Searched in host + path; such pages are no articles of ours. A page under a topic's
# folder that has an article id is an article.
_OTHER_KINDS = (
    (re.compile(r"^slide\.|/slide_"), "gallery"),
    (re.compile(r"^(?:[\w-]+\.)?video\."), "video"),
    (re.compile(r"^(?:live|zhibo)\."), "live"),
    (re.compile(r"^zhongce\."), "trial"),
    (re.compile(r"/(?:focus|zt_d)/(?!.*/doc-i)"), "topic"),
)
_LOGIN = re.compile(r"^(?:login|passport)\.|^[^/]*/(?:signup/)?(?:login|signin)\b")
_ODD = re.compile("slide|video|live|zhibo|zhongce|focus|zt_d|log|sign|passport")
"""What the address of any such page holds, and that of hardly any article."""
_URL_DATE = re.compile(r"/(\d{4}-\d{2}-\d{2}|(?:19|20)\d{6})/")
_OLD_CLOCK = re.compile(r"/(?P<day>\d{4}-?\d{2}-?\d{2})/(?P<clock>\d{4})\d{4,16}[a-z]?\.s?html")


def other_kind(url: str) -> str | None:
    """Return why a page is no article, by its address; None where it may be one."""
    if not (place := _place(url)):
        return None
    return next((kind for pattern, kind in _OTHER_KINDS if pattern.search(place)), None)


def is_login(url: str) -> bool:
    """Whether ``url`` is where one is sent to log in (H73)."""
    place = _place(url)
    return bool(place) and _LOGIN.search(place) is not None


def url_date(url: str) -> str | None:
    """Return the day in the path of an article, ``2026-09-28`` or ``20121219``."""
    match = _URL_DATE.search(url)
    return match[1] if match else None


def url_time(url: str) -> str | None:
    """Return what the path tells of the time: day and minute before 2015, else the day."""
    if old := _OLD_CLOCK.search(url):
        return old["day"].replace("-", "") + old["clock"]
    return url_date(url)


def page_address(url: str) -> str:
    """Return the address of the HTML page: https, and not its markdown twin ``.shtml.md``."""
    url = url.strip()
    if not url.startswith("https:"):
        url = re.sub(r"^(?:http:)?//", "https://", url)
    return re.sub(r"(\.s?html)\.md(?=$|[?#])", r"\1", url) if "html.md" in url else url


@lru_cache(maxsize=64)  # a page is asked several things by it
def _place(url: str) -> str:
    """Return host and path of an address that may be that of an odd page, else ``""``."""
    parts = urlsplit(url)
    place = f"{(parts.hostname or '').lower()}{parts.path}"
    return place if _ODD.search(place) else ""
