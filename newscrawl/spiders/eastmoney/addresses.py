"""Addresses of Eastmoney articles: which are one, which are none (dossier §3)."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urlsplit

from newscrawl.identity.identities import Identity, IdentityRule, identify
from newscrawl.identity.urls import UnsafeURL
from newscrawl.listings import Fetch

HOME = "https://finance.eastmoney.com/"
ARTICLE = "https://finance.eastmoney.com/a/{code}.html"
SHARE = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode={nw}"
DETAIL = "https://newsinfo.eastmoney.com/kuaixun/v2/api/article/{code}?guid={code}"
"""guid defeats caches; the code in its place keeps one address per article."""
NEWS_TEXT = "http://choicewzp1.eastmoney.com/NewsData/GetNewsText.do"

OUT_OF_SCOPE: Mapping[str, str] = {
    "acttg": "advertisement",
    "caifuhao": "forum",
    "data": "data",
    "guba": "forum",
    "live": "live",
    "quote": "data",
    "roadshow": "live",
    "v": "video",
    "video": "video",
}
"""Hosts whose pages are no articles of ours, whatever number stands in the address."""

_BY_CODE = IdentityRule(
    # The last segment of the path, without extension, after its last comma.
    re.compile(
        rf"^https://(?!(?:{'|'.join(OUT_OF_SCOPE)})\.)(?:[\w-]+\.)*eastmoney\.com/"
        r"(?:[^?]*[/,])?(?P<code>\d{16,20})(?:\.s?html?)?(?:\?|$)"
    ),
    "em:{code}",
    ARTICLE,
)
_BY_NW_CODE = IdentityRule(
    # The same text has an NW code in the Choice back end, a number space of its own.
    re.compile(
        r"/(?:html_News/NewsShare\.html|NewsData/GetNewsText\.do)\?"
        r"(?:[^#]*&)?(?:infoCode|id)=(?P<nw>NW\w+)"
    ),
    "em-nw:{nw}",
    SHARE,
)
IDENTITIES = (_BY_CODE, _BY_NW_CODE)


def identity_of(urls: Iterable[str]) -> Identity | None:
    """Return which article of Eastmoney these addresses name, None where none of them does.

    The first one with a code counts; only where none has one, the first NW code.
    """
    found = [identity for url in urls if (identity := _identified(url))]
    by_code = (identity for identity in found if identity.key.startswith("em:"))
    return next(by_code, found[0] if found else None)


def _identified(url: str) -> Identity | None:
    try:
        identity = identify(_absolute(url), IDENTITIES)
    except UnsafeURL:
        return None
    return identity if identity.key.startswith(("em:", "em-nw:")) else None


def code_in(url: str) -> str | None:
    """Return the code in the address of an article, None for any other address."""
    identity = _identified(url)
    by_code = identity is not None and identity.key.startswith("em:")
    return identity.key.removeprefix("em:") if identity and by_code else None


def out_of_scope(url: str) -> str | None:
    """Return why a page of this host is no article (``forum``, ``video``), else None."""
    try:
        host = urlsplit(_absolute(url)).hostname or ""
    except ValueError:  # no address at all
        return None
    return OUT_OF_SCOPE.get(host.removesuffix(".eastmoney.com").rpartition(".")[2])


def article_fetches(urls: Iterable[str]) -> tuple[Fetch, ...]:
    """Return where the article that these addresses name can be had, best first.

    With a code: detail JSON, then the page. With an NW code, too: the text of the Choice
    back end.
    """
    fetches = []
    for url in urls:
        identity = _identified(url)
        kind, _, code = identity.key.partition(":") if identity else ("", "", "")
        if kind == "em":
            fetches.append(Fetch(DETAIL.format(code=code), {"Referer": HOME}))
            fetches.append(Fetch(ARTICLE.format(code=code)))
        elif kind == "em-nw":
            fetches.append(Fetch(f"{NEWS_TEXT}?{urlencode({'id': code})}"))
    return tuple(fetches)


def _absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url
