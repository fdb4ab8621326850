"""Posts of the Hexo dialect, built with Hexo and read back page by page."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import frontmatter
import pytest

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from tests.export.builders import PLACE
from tests.sites.builders import HEXO_TOOLS, export, hexo, new_site
from tests.sites.corpus import NIGHTS, ZONES, article, corpus
from tests.sites.pages import Page, read_pages, show
from tests.sites.test_jekyll_site import name_of, squeeze

pytestmark = [pytest.mark.slow, pytest.mark.sites]

_HOSTILE_ITEMS = [
    "@甲",
    "* 甲",
    "% 甲",
    "`甲`",
    "! 甲",
    "> 甲",
    "| 甲",
    "#x",
    "~",
    "null",
    "甲: 乙",
]
_HOSTILE_ITEMS += ["1e3", "2022-01-01", "it's", '"q"', "C:\\new", "甲 乙", "true", "{{ x }}", "<b>"]


@dataclass(frozen=True)
class Built:
    """The built site of the corpus; ``pages`` and ``articles`` by the file name of the post."""

    site: Path
    pages: Mapping[str, list[Page]]
    articles: Mapping[str, StoredArticle]
    must_show: Mapping[str, str]
    feeds: Mapping[str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    generator = hexo()
    articles, must_show, _ = corpus()
    first = len(articles) + 1
    odd = [article(first + n, "<p>甲</p>") for n in range(len(_HOSTILE_ITEMS))]
    feeds = {
        each.article.identity or "": item for each, item in zip(odd, _HOSTILE_ITEMS, strict=True)
    }
    articles += odd
    places = {identity: replace(PLACE, feed=feed) for identity, feed in feeds.items()}
    site = new_site(generator, tmp_path_factory.mktemp("site"))
    counts = export(generator, site, articles, places, PLACE)
    assert (counts.written, counts.kept, counts.withheld) == (len(articles), [], {})
    generator.build(site)
    pages: dict[str, list[Page]] = {}
    for page in read_pages(site / generator.output):
        pages.setdefault(page.name, []).append(page)
    return Built(site, pages, {name_of(each): each for each in articles}, must_show, feeds)


def test_H104_H105_every_post_has_exactly_one_page(built: Built) -> None:
    assert {name: len(pages) for name, pages in built.pages.items()} == dict.fromkeys(
        built.articles, 1
    )


def test_H101_H102_C6_titles_are_exact(built: Built) -> None:
    for name, each in built.articles.items():
        assert built.pages[name][0].title == plain(each.article.title or "")


def test_X6_dates_are_exact(built: Built) -> None:
    for name, each in built.articles.items():
        expected = f"{each.article.published_at:%Y-%m-%d %H:%M:%S} +0800"
        assert built.pages[name][0].time == expected


def test_X3_X4_categories_and_author_are_exact(built: Built) -> None:
    for name, each in built.articles.items():
        page = built.pages[name][0]
        feed = built.feeds.get(each.article.identity or "", PLACE.feed)
        assert page.categories == (PLACE.group, PLACE.site, feed)
        author = page.soup.select_one("p.author")
        assert author
        assert author.get_text() == PLACE.site


def test_B1_to_B9_X7_the_content_is_shown_as_written(built: Built) -> None:
    for name, each in built.articles.items():
        assert show(built.pages[name][0].content) == show(expected_content(each)), name


def test_H103_to_H108_what_broke_sites_is_shown_literally(built: Built) -> None:
    by_identity = {each.article.identity: name for name, each in built.articles.items()}
    for identity, text in built.must_show.items():
        content = built.pages[by_identity[identity]][0].content
        assert squeeze(text) in squeeze(content.get_text()), identity


def test_B8_X5_images(built: Built) -> None:
    for name, each in built.articles.items():
        page = built.pages[name][0]
        for image in page.content.find_all("img"):
            assert image["referrerpolicy"] == "no-referrer"
        (head,) = page.soup.select("img.headimg")
        (thumbnail,) = page.soup.select("img.thumbnail")
        assert head["src"] == thumbnail["src"]
        if each.article.images:
            assert head["src"] == each.article.images[0].url.replace("'", "%27")
        else:
            assert str(head["src"]).startswith("https://picsum.photos/400/300?random=")


def test_H95_H97_H105_nothing_runs(built: Built) -> None:
    for pages in built.pages.values():
        soup = pages[0].soup
        assert not soup.select("script, iframe, style, svg, object, form")
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not str(tag.get("href", "")).startswith("javascript")


def test_H101_js_yaml_reads_the_front_matter_as_pyyaml_does(built: Built) -> None:
    program = (
        "const fs = require('fs'), yaml = require('js-yaml');"
        "const dir = process.argv[1], read = {};"
        "for (const name of fs.readdirSync(dir)) read[name] ="
        " yaml.load(fs.readFileSync(`${dir}/${name}`, 'utf8').split(/^---\\n/m)[1]);"
        "process.stdout.write(JSON.stringify(read));"
    )
    posts = built.site / "source" / "_posts"
    done = subprocess.run(
        ["node", "-e", program, str(posts)], cwd=HEXO_TOOLS, capture_output=True, check=True
    )
    read = json.loads(done.stdout)
    assert read.keys() == built.articles.keys()
    for name, found in read.items():
        assert found == frontmatter.load(str(posts / name)).metadata
        assert found["title"] == plain(built.articles[name].article.title or "")


@pytest.mark.parametrize("zone", ZONES)
def test_H112_X8_the_day_is_that_of_shanghai_on_every_builder(tmp_path: Path, zone: str) -> None:
    generator = hexo()
    site = new_site(generator, tmp_path)
    nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
    export(generator, site, nights, {}, PLACE)
    generator.build(site, zone)
    shown = {(page.address, page.time) for page in read_pages(site / "public")}
    assert shown == {
        (
            f"{night:%Y/%m/%d}/{night:%Y-%m-%d}-sina-x{n}/index.html",
            f"{night:%Y-%m-%d %H:%M:%S} +0800",
        )
        for n, night in enumerate(NIGHTS)
    }


def expected_content(each: StoredArticle) -> str:
    """Return HTML that shows what the page of an article has to show."""
    original, editor = plain(each.article.original_title or ""), plain(each.article.editor or "")
    lines = [
        f"<p>　　原标题：{escape(original)}</p>" if original else "",
        each.article.body_html or "",
        f"<p>责任编辑：{escape(editor)} </p>" if editor else "",
    ]
    return "<div>\n" + "\n".join(filter(None, lines)) + "\n</div>"
