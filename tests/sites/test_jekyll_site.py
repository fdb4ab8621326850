"""Posts of the Jekyll dialect, built with Jekyll and read back page by page."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import ClassVar

import pytest
from bs4 import BeautifulSoup

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export import Placement
from tests.export.builders import FLASH
from tests.sites.builders import Generator, jekyll
from tests.sites.checks import Built, SiteChecks
from tests.sites.corpus import Corpus

pytestmark = [pytest.mark.slow, pytest.mark.sites]


class TestJekyll(SiteChecks):
    """Category pages, return links and digests besides what holds for all (J1 to J10, M1)."""

    generator: ClassVar[Callable[[], Generator]] = staticmethod(jekyll)
    posts: ClassVar[str] = "_posts"
    indents: ClassVar[str] = "　　"

    def places(self, found: Corpus) -> Mapping[str, Placement]:
        return dict.fromkeys(found.flash, FLASH)

    def address(self, name: str, when: datetime) -> str:
        return f"shilizhengquanbao/{when:%Y/%m/%d}/{name}.html"

    def categories(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        if each.article.identity in built.corpus.flash:
            return ("emnews",)
        return (slugs(built.output).get(self.label(built, each), "no category page"),)

    def tags(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        return (self.label(built, each),)

    def content(self, built: Built, each: StoredArticle) -> str:
        url, media = each.article.url or "", plain(each.article.media or "")
        flash = each.article.identity in built.corpus.flash
        (category,) = self.categories(built, each)
        href = f"{category}/" if flash else f"category/{category}.html"
        digest = plain(each.article.summary or "").removeprefix("【示例】").strip() if flash else ""
        label = escape(self.label(built, each))
        return "\n".join(
            [
                f"<blockquote><p>{escape(digest)}</p></blockquote>" if digest else "",
                each.article.body_html or "",
                f'<p class="em_media">（文章来源：{escape(media)}）</p>' if media else "",
                f'<p><a href="{escape(url)}">{escape(url)}</a></p>',
                f'<p><a href="//news.example.com/{href}">返回{label}</a>｜'
                '<a href="//news.example.com/">返回首页</a></p>',
            ]
        )

    @staticmethod
    def label(built: Built, each: StoredArticle) -> str:
        """Return the name of a post's category."""
        if each.article.identity in built.corpus.flash:
            return "东财滚动新闻"
        return (plain(each.article.media or "") or built.place(each).site) + "新闻"

    def test_J10_S5_each_post_is_on_the_page_of_its_medium_and_no_other(self, built: Built) -> None:
        listed: Counter[tuple[str, str]] = Counter()
        for file in (built.output / "category").glob("*.html"):
            soup = BeautifulSoup(file.read_text("utf-8"), "html.parser")
            assert soup.h1
            for row in soup.select("ol.posts li"):
                listed[soup.h1.get_text(), row.get_text().removeprefix("_posts/")] += 1
        assert listed == Counter(
            (self.label(built, each), name) for name, each in built.articles.items()
        )


@functools.cache
def slugs(output: Path) -> dict[str, str]:
    """Return the slug that each medium's category page has in the built site."""
    found = {}
    for file in (output / "category").glob("*.html"):
        heading = BeautifulSoup(file.read_text("utf-8"), "html.parser").h1
        assert heading
        found[heading.get_text()] = file.stem
    return found
