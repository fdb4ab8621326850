"""Posts of the Jekyll dialect, built with Jekyll and read back page by page."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

import frontmatter
import pytest
from bs4 import BeautifulSoup

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from tests.export.builders import FLASH, PLACE
from tests.sites.builders import export, jekyll, new_site
from tests.sites.corpus import NIGHTS, ZONES, article, corpus
from tests.sites.pages import Page, read_pages, show

pytestmark = [pytest.mark.slow, pytest.mark.sites]


@dataclass(frozen=True)
class Built:
    """The built site of the corpus; ``pages`` and ``articles`` by the file name of the post."""

    site: Path
    pages: Mapping[str, list[Page]]
    articles: Mapping[str, StoredArticle]
    must_show: Mapping[str, str]
    flash: set[str]


def name_of(each: StoredArticle) -> str:
    """Return the expected file name, said anew here."""
    assert each.article.published_at
    assert each.article.identity
    return f"{each.article.published_at:%Y-%m-%d}-{each.article.identity.replace(':', '-')}.md"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    generator = jekyll()
    articles, must_show, flash = corpus()
    site = new_site(generator, tmp_path_factory.mktemp("site"))
    counts = export(generator, site, articles, dict.fromkeys(flash, FLASH), PLACE)
    assert (counts.written, counts.kept, counts.withheld) == (len(articles), [], {})
    generator.build(site)
    pages: dict[str, list[Page]] = {}
    for page in read_pages(site / generator.output):
        pages.setdefault(page.name, []).append(page)
    return Built(site, pages, {name_of(each): each for each in articles}, must_show, flash)


def test_H104_every_post_has_exactly_one_page(built: Built) -> None:
    assert {name: len(pages) for name, pages in built.pages.items()} == dict.fromkeys(
        built.articles, 1
    )


def test_H101_H102_C6_titles_are_exact(built: Built) -> None:
    for name, each in built.articles.items():
        assert built.pages[name][0].title == plain(each.article.title or "")


def test_J3_dates_are_exact(built: Built) -> None:
    for name, each in built.articles.items():
        expected = f"{each.article.published_at:%Y-%m-%d %H:%M:%S} +0800"
        assert built.pages[name][0].time == expected


def test_J4_J10_S5_each_post_is_on_the_page_of_its_medium_and_no_other(built: Built) -> None:
    listed: Counter[tuple[str, str]] = Counter()
    for file in (built.site / "_site" / "category").glob("*.html"):
        soup = BeautifulSoup(file.read_text("utf-8"), "html.parser")
        assert soup.h1
        for row in soup.select("ol.posts li"):
            listed[soup.h1.get_text(), row.get_text().removeprefix("_posts/")] += 1
    assert listed == Counter((label(built, each), name) for name, each in built.articles.items())


def test_J4_J5_one_category_and_one_tag_a_post(built: Built) -> None:
    for name, each in built.articles.items():
        page = built.pages[name][0]
        assert len(page.categories) == 1
        assert page.tags == (label(built, each),)
        if each.article.identity in built.flash:
            assert page.categories == ("emnews",)


def test_B1_to_B9_M1_J5_to_J8_the_content_is_shown_as_written(built: Built) -> None:
    for name, each in built.articles.items():
        page = built.pages[name][0]
        expected = expected_content(built, each, page.categories[0])
        assert show(page.content) == show(expected, without="　　"), name


def test_H103_to_H108_what_broke_sites_is_shown_literally(built: Built) -> None:
    by_identity = {each.article.identity: name for name, each in built.articles.items()}
    for identity, text in built.must_show.items():
        content = built.pages[by_identity[identity]][0].content
        # Elements are joints for the reader of this text, so spaces beside them do not count.
        assert squeeze(text) in squeeze(content.get_text()), identity


def test_H95_H97_nothing_runs(built: Built) -> None:
    for pages in built.pages.values():
        soup = pages[0].soup
        assert not soup.select("script, iframe, style, svg, object, form")
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not str(tag.get("href", "")).startswith("javascript")


def test_H101_psych_reads_the_front_matter_as_pyyaml_does(built: Built) -> None:
    program = (
        "require 'psych'; require 'json'; require 'date'; print JSON.generate(Dir[ARGV[0]].map {"
        " |f| [File.basename(f), Psych.safe_load(File.read(f).split(/^---\\n/)[1],"
        " permitted_classes: [Time, Date]).transform_values { |v| v.is_a?(Time) ? v.to_i : v }]"
        " }.to_h)"
    )
    pattern = str(built.site / "_posts" / "*.md")
    done = subprocess.run(["ruby", "-e", program, pattern], capture_output=True, check=True)
    read = json.loads(done.stdout)
    assert read.keys() == built.articles.keys()
    for name, found in read.items():
        metadata = frontmatter.load(str(built.site / "_posts" / name)).metadata
        date = datetime.strptime(str(metadata["date"]), "%Y-%m-%d %H:%M:%S %z")
        metadata["date"] = int(date.timestamp())
        assert found == metadata
        assert found["title"] == plain(built.articles[name].article.title or "")


@pytest.mark.parametrize("zone", ZONES)
def test_H112_J3_the_day_is_that_of_shanghai_on_every_builder(tmp_path: Path, zone: str) -> None:
    generator = jekyll()
    site = new_site(generator, tmp_path)
    nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
    export(generator, site, nights, {}, PLACE)
    generator.build(site, zone)
    shown = {(page.address, page.time) for page in read_pages(site / "_site")}
    assert shown == {
        (
            f"shilizhengquanbao/{night:%Y/%m/%d}/sina-x{n}.html",
            f"{night:%Y-%m-%d %H:%M:%S} +0800",
        )
        for n, night in enumerate(NIGHTS)
    }


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def label(built: Built, each: StoredArticle) -> str:
    """Return the name of a post's category."""
    if each.article.identity in built.flash:
        return "东财滚动新闻"
    return (plain(each.article.media or "") or PLACE.site) + "新闻"


def expected_content(built: Built, each: StoredArticle, category: str) -> str:
    """Return HTML that shows what the page of an article has to show."""
    url, media = each.article.url or "", plain(each.article.media or "")
    flash = each.article.identity in built.flash
    href = f"{category}/" if flash else f"category/{category}.html"
    digest = plain(each.article.summary or "").removeprefix("【示例】").strip() if flash else ""
    return "\n".join(
        [
            f"<blockquote><p>{escape(digest)}</p></blockquote>" if digest else "",
            each.article.body_html or "",
            f"<p>（文章来源：{escape(media)}）</p>" if media else "",
            f'<p><a href="{escape(url)}">{escape(url)}</a></p>',
            f'<p><a href="//news.example.com/{href}">返回{escape(label(built, each))}</a>｜'
            '<a href="//news.example.com/">返回首页</a></p>',
        ]
    )
