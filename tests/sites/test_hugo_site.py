"""Posts of the Hugo dialect, built with Hugo and read back page by page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import pytest

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export import Placement
from tests.export.builders import PLACE
from tests.sites.builders import Generator, hugo
from tests.sites.checks import Built, SiteChecks, check_no_referrer, with_credits
from tests.sites.corpus import NAMES, Corpus

pytestmark = [pytest.mark.slow, pytest.mark.sites]


class TestHugo(SiteChecks):
    """Tags, author, picture and source besides what holds for all (H1 to H4)."""

    generator: ClassVar[Callable[[], Generator]] = staticmethod(hugo)
    posts: ClassVar[str] = "content/posts"
    suffix: ClassVar[str] = ".html"

    def places(self, found: Corpus) -> Mapping[str, Placement]:
        for name in NAMES:
            found.add("<p>甲</p>", keywords=[name, name, "乙"], author=name)
        return {found.add("<p>甲</p>"): replace(PLACE, feed=name) for name in NAMES}

    def address(self, name: str, when: datetime) -> str:
        return f"posts/{when:%Y-%m-%d}-{name}/index.html"

    def categories(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        place = built.place(each)
        return terms(place.group, place.site, place.feed)

    def tags(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        return terms(self.medium(built, each), *each.article.keywords)

    def content(self, built: Built, each: StoredArticle) -> str:
        return with_credits(each)

    @staticmethod
    def medium(built: Built, each: StoredArticle) -> str:
        """Return the outlet, else the site."""
        return plain(each.article.media or "") or built.place(each).site

    def test_H1_H4_author_picture_and_source_are_exact(self, built: Built) -> None:
        for name, each in built.articles.items():
            soup = built.pages[name][0].soup
            (author,), (source,) = soup.select("p.author"), soup.select("a.source")
            assert author.get_text() == (each.article.author or self.medium(built, each))
            assert source["href"] == source.get_text() == each.article.url
            pictures = [image.url for image in each.article.images[:1]]
            assert [image["src"] for image in soup.select("img.lead")] == pictures

    def test_B8_no_picture_tells_who_reads(self, built: Built) -> None:
        check_no_referrer(built)

    def test_H107_H110_no_name_leads_out_of_its_list_or_hides_it(self, built: Built) -> None:
        for folder in (built.output / "tags", built.output / "categories"):
            assert (folder / "index.html").is_file()
            assert {page.parent.parent for page in folder.glob("*/**/index.html")} == {folder}
        lists = {"index.html", "index.xml", "sitemap.xml", "posts", "tags", "categories"}
        assert {path.name for path in built.output.iterdir()} == lists


def terms(*names: str) -> tuple[str, ...]:
    """Return the names that are terms: words, cut where an address could not hold them."""
    words = (plain(name).replace("/", "／") for name in names)
    cut = (word.encode()[:80].decode(errors="ignore").rstrip() for word in words)
    return tuple(dict.fromkeys(word for word in cut if any(map(str.isalnum, word))))
