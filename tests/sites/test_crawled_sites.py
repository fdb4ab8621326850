"""What a new user does: a crawl with local pictures, a site begun in its folder, and a build.

The site lies below a path of its host, and its builder stands in New York.
"""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from newscrawl.archive import Archive, StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export.names import post_ids
from newscrawl.replica.pictures import image, trap_of
from newscrawl.replica.process import ReplicaProcess
from newscrawl.spiders.registry import spiders
from tests.sites.builders import BUILDERS, begin
from tests.sites.pages import show

pytestmark = [pytest.mark.slow, pytest.mark.sites]

ARTICLES = 400
PATH = "/news"
BASE = f"//news.example.org{PATH}"
IMAGES = f"{PATH}/images"
SECTIONS = sorted({section for spider in spiders().values() for section in spider.sections})


@dataclass(frozen=True)
class Crawled:
    """A finished crawl. articles: those that the stand-ins say must be there."""

    output: Path
    report: dict[str, Any]
    articles: list[StoredArticle]


@dataclass(frozen=True)
class BuiltSite:
    """The site that was built. pages: by the id of their articles, each with its address."""

    name: str
    output: Path
    pages: dict[str, list[BeautifulSoup]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    output = tmp_path_factory.mktemp("crawled")
    settings = output / "newscrawl.toml"
    settings.write_text(f'[site]\nbase = "{BASE}"\nimage_base = "{IMAGES}"\n', "utf-8")
    asked = [("--section", section) for section in SECTIONS]
    asked += [("--dialect", name) for name in BUILDERS]
    asked += [("--images", "local"), ("--config", str(settings)), ("--output", str(output))]
    with ReplicaProcess(articles=ARTICLES, seed="sites") as replica:
        command = [sys.executable, "-m", "newscrawl", "crawl", "--via", replica.url, "--json"]
        done = subprocess.run(
            [*command, *(word for pair in asked for word in pair)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        wanted = [each for each in replica.expected() if each["outcome"] == "stored"]
    articles = []
    with Archive.open(output / "archive.db", read_only=True) as archive:
        for each in wanted:
            spider = spiders()[each["source"]]
            stored = archive.article(spider.identify(each["url"]).url_hash)
            assert stored is not None, each
            articles.append(stored)
    return Crawled(output, json.loads(done.stdout), articles)


@pytest.fixture(scope="module", params=list(BUILDERS))
def site(request: pytest.FixtureRequest, crawled: Crawled) -> BuiltSite:
    generator = BUILDERS[request.param]()
    folder = begin(generator.name, crawled.output / generator.name, BASE)
    generator.build(folder, "America/New_York")
    output, pages = folder / generator.output, dict[str, list[BeautifulSoup]]()
    for file in sorted(output.rglob("*.html")):
        soup = BeautifulSoup(file.read_text("utf-8"), "html.parser")
        if soup.select_one("article time"):
            dated = file.name == "index.html"  # …/2026-09-30-ID/index.html; Jekyll's is ID.html
            pages.setdefault(file.parent.name[11:] if dated else file.stem, []).append(soup)
    return BuiltSite(generator.name, output, pages)


def id_of(stored: StoredArticle, site: BuiltSite) -> str:
    """Return the id of an article as the addresses of the site have it."""
    usual = next(post_ids(stored.article))
    return usual.lower() if site.name == "hugo" else usual


def pages(crawled: Crawled, site: BuiltSite) -> Iterator[tuple[StoredArticle, BeautifulSoup]]:
    """Yield each article with its page."""
    for stored in crawled.articles:
        yield stored, site.pages[id_of(stored, site)][0]


def test_H89_H104_no_article_is_lost_and_none_has_two_pages(
    crawled: Crawled, site: BuiltSite
) -> None:
    built = Counter({name: len(found) for name, found in site.pages.items()})
    assert built == Counter(id_of(stored, site) for stored in crawled.articles)
    assert len(crawled.articles) == crawled.report["counts"]["new"]


def test_H112_every_page_has_title_time_and_text_of_its_article(
    crawled: Crawled, site: BuiltSite
) -> None:
    for stored, page in pages(crawled, site):
        (title,), (time,) = page.select("article > h1"), page.select("article .meta time")
        (content,) = page.select("article > .content")
        assert title.get_text() == plain(stored.article.title or "")
        shown_time = datetime.fromisoformat(str(time["datetime"]))
        assert shown_time == stored.article.published_at
        assert time.get_text() == f"{stored.article.published_at:%Y-%m-%d %H:%M}"
        shown = "".join("".join(show(content).text).split())
        for paragraph in (stored.article.body_text or "").splitlines():
            assert "".join(paragraph.split()) in shown, (title, paragraph)


def local(url: str) -> str:
    """Return the address in the site of a picture that the stand-ins gave; "" where none came.

    Said anew: which are traps, and what the others hold, is known from their names.
    """
    path = urlsplit(url).path
    if trap_of(path):
        return ""
    content, _ = image(path)
    name = hashlib.sha256(content).hexdigest()
    suffix = "jpg" if content.startswith(b"\xff\xd8") else "png"
    return f"{IMAGES}/{name[:2]}/{name}.{suffix}"


def test_every_picture_that_came_is_in_the_site_and_every_other_at_its_publisher(
    crawled: Crawled, site: BuiltSite
) -> None:
    came, missed = set[str](), set[str]()
    for stored, page in pages(crawled, site):
        body = BeautifulSoup(stored.article.body_html or "", "html.parser")
        wanted = [str(each["src"]) for each in body.find_all("img")]
        shown = page.select("article > .content img")
        assert [each["src"] for each in shown] == [local(url) or url for url in wanted], stored
        for url, tag in zip(wanted, shown, strict=True):
            if address := local(url):
                came.add(address)
                assert built_file(site, address).read_bytes() == image(urlsplit(url).path)[0]
            else:
                missed.add(url)
                assert asks_without_a_referrer(page, tag.get("referrerpolicy"), site.name)
    assert {trap_of(urlsplit(url).path) for url in missed} >= {"page", "cut", "gone", "tracker"}
    folder = site.output / "images"
    files = {f"{IMAGES}/{file.relative_to(folder)}" for file in folder.rglob("*") if file.is_file()}
    assert files == came
    assert len(came) > ARTICLES / 10
    ended = Counter(
        {each: n for each, n in crawled.report["images"].items() if each != "stored"}
    ).total()
    assert ended == len(missed)


def built_file(site: BuiltSite, address: str) -> Path:
    """Return the file that a browser gets for an address of the site."""
    assert address.startswith(f"{PATH}/")
    return site.output / unquote(address.removeprefix(f"{PATH}/"))


def asks_without_a_referrer(page: BeautifulSoup, policy: object, name: str) -> bool:
    """Whether a picture is asked for without naming the page, by its page and by its tag.

    The form of Jekyll's posts leaves its tags as they are (J6, B8), so there the page says it.
    """
    (meta,) = page.select("head > meta[name=referrer]")
    return meta["content"] == "no-referrer" and (name == "jekyll" or policy == "no-referrer")


def test_the_archive_lists_every_article_once_on_pages_that_a_phone_can_load(
    crawled: Crawled, site: BuiltSite
) -> None:
    """Jekyll knows pages of the home page only, and builds no site of many posts anyway."""
    folder = site.output / ("archives" if site.name == "hexo" else "archive")
    lists = [
        BeautifulSoup(file.read_text("utf-8"), "html.parser").select(".posts a")
        for file in folder.rglob("index.html")
    ]
    titles = Counter(link.get_text() for links in lists for link in links)
    assert titles == Counter(plain(each.article.title or "") for each in crawled.articles)
    assert max(map(len, lists)) <= (len(crawled.articles) if site.name == "jekyll" else 100)
