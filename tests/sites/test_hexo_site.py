"""Posts of the Hexo dialect, built with Hexo and read back page by page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import pytest

from newscrawl.archive import StoredArticle
from newscrawl.export import Placement
from tests.export.builders import PLACE
from tests.sites.builders import Generator, hexo
from tests.sites.checks import Built, SiteChecks, check_no_referrer, with_credits
from tests.sites.corpus import NAMES, Corpus

pytestmark = [pytest.mark.slow, pytest.mark.sites]


class TestHexo(SiteChecks):
    """Category paths, author and pictures besides what holds for all (X1 to X8, B8)."""

    generator: ClassVar[Callable[[], Generator]] = staticmethod(hexo)
    posts: ClassVar[str] = "source/_posts"

    def places(self, found: Corpus) -> Mapping[str, Placement]:
        return {found.add("<p>甲</p>"): replace(PLACE, feed=name) for name in NAMES}

    def address(self, name: str, when: datetime) -> str:
        return f"{when:%Y/%m/%d}/{when:%Y-%m-%d}-{name}/index.html"

    def categories(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        place = built.place(each)
        return (place.group, place.site, place.feed)

    def tags(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        return ()

    def content(self, built: Built, each: StoredArticle) -> str:
        return f"<div>\n{with_credits(each)}\n</div>"

    def test_X4_the_author_is_the_site(self, built: Built) -> None:
        for pages in built.pages.values():
            author = pages[0].soup.select_one("p.author")
            assert author
            assert author.get_text() == PLACE.site

    def test_B8_X5_images(self, built: Built) -> None:
        check_no_referrer(built)
        for name, each in built.articles.items():
            soup = built.pages[name][0].soup
            (head,) = soup.select("img.headimg")
            (thumbnail,) = soup.select("img.thumbnail")
            assert head["src"] == thumbnail["src"]
            if each.article.images:
                assert head["src"] == each.article.images[0].url.replace("'", "%27")
            else:
                assert str(head["src"]).startswith("https://picsum.photos/400/300?random=")
