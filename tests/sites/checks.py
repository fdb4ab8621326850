"""What must hold for the built pages of every dialect; a test class of each inherits it."""

import re
import shutil
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import ClassVar

import pytest

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export import Placement
from tests.export.builders import PLACE
from tests.sites.builders import Generator, export, new_site
from tests.sites.corpus import NIGHTS, ZONES, Corpus, article
from tests.sites.pages import Page, Post, differences, read_page, read_pages, show
from tests.sites.tampering import TAMPERED, tampered
from tests.sites.yaml_readers import YAML_READERS, instant

Wrong = Mapping[str, list[str]]
"""Property -> what is wrong with it, a report for each page."""


@dataclass(frozen=True)
class Built:
    """The built site of the corpus; ``pages`` and ``articles`` by the file name of the post."""

    posts: Path
    output: Path
    pages: Mapping[str, list[Page]]
    articles: Mapping[str, StoredArticle]
    corpus: Corpus
    places: Mapping[str, Placement] = field(default_factory=dict)

    def place(self, each: StoredArticle) -> Placement:
        """Return where an article was placed."""
        return self.places.get(each.article.identity or "", PLACE)


class SiteChecks:
    """Builds the corpus once with one generator; the tests compare every page with its article.

    Nothing here is read from the posts that were written: what is expected is said anew.
    """

    generator: ClassVar[Callable[[], Generator]]
    posts: ClassVar[str]
    suffix: ClassVar[str] = ".md"
    indents: ClassVar[str] = ""
    """What the dialect leaves out of the text (J6)."""

    @abstractmethod
    def places(self, found: Corpus) -> Mapping[str, Placement]:
        """Return identity -> placement, and add articles for placements of their own."""

    @abstractmethod
    def address(self, name: str, when: datetime) -> str:
        """Return the path of the page of a post with this id, of the medium of ``article``."""

    @abstractmethod
    def categories(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        """Return the categories that the page must show."""

    @abstractmethod
    def tags(self, built: Built, each: StoredArticle) -> tuple[str, ...]:
        """Return the tags that the page must show."""

    @abstractmethod
    def content(self, built: Built, each: StoredArticle) -> str:
        """Return HTML that shows what the page of an article has to show."""

    def build(self, folder: Path, found: Corpus) -> Built:
        """Export a corpus into a new site below ``folder`` and build it."""
        generator = type(self).generator()
        places = self.places(found)
        site = new_site(generator, folder)
        counts = export(generator, site, found.articles, places, PLACE)
        assert (counts.written, counts.kept, counts.withheld) == (len(found.articles), [], {})
        generator.build(site)
        pages: dict[str, list[Page]] = {}
        for page in read_pages(site / generator.output):
            pages.setdefault(page.name, []).append(page)
        articles = {self.name_of(each): each for each in found.articles}
        return Built(site / self.posts, site / generator.output, pages, articles, found, places)

    def name_of(self, each: StoredArticle) -> str:
        """Return the expected file name, said anew here."""
        assert each.article.published_at
        assert each.article.identity
        name = each.article.identity.replace(":", "-")
        return f"{each.article.published_at:%Y-%m-%d}-{name}{self.suffix}"

    def expected(self, built: Built, each: StoredArticle) -> Post:
        """Return what the page of an article must show."""
        return Post(
            title=plain(each.article.title or ""),
            date=shown_time(each.article.published_at),
            categories=self.categories(built, each),
            tags=self.tags(built, each),
            content=show(self.content(built, each), without=self.indents),
        )

    def wrong(self, built: Built) -> Iterator[tuple[StoredArticle, str, tuple[object, object]]]:
        """Yield each property of a page that is wrong: what was found, what was expected."""
        for name, each in built.articles.items():
            for page in built.pages.get(name, ()):
                for what, pair in differences(page.post, self.expected(built, each)).items():
                    yield each, what, pair

    def test_H104_H105_every_post_has_exactly_one_page(self, built: Built) -> None:
        assert miscounted(built.pages, built.articles) == {}

    def test_H101_H102_C6_titles_are_exact(self, wrong: Wrong) -> None:
        assert_none(wrong, "title")

    def test_J3_X6_H3_dates_are_exact(self, wrong: Wrong) -> None:
        assert_none(wrong, "date")

    @pytest.mark.parametrize("what", ["categories", "tags"])
    def test_J4_X3_H4_categories_and_tags_are_exact(self, wrong: Wrong, what: str) -> None:
        assert_none(wrong, what)

    @pytest.mark.parametrize("what", ["text", "elements", "links", "images", "preformatted"])
    def test_B1_to_B9_the_content_is_shown_as_written(self, wrong: Wrong, what: str) -> None:
        assert_none(wrong, what)

    @pytest.mark.parametrize("what", TAMPERED)
    def test_a_page_that_was_tampered_with_is_told(self, built: Built, what: str) -> None:
        """The checks above can fail, each for what it is about."""
        each = built.corpus.articles[0]
        (page,) = built.pages[self.name_of(each)]
        expected = self.expected(built, each)
        same = read_page(str(page.soup), page.address)
        other = read_page(tampered(page.soup, what), page.address)
        assert same
        assert other
        assert differences(same.post, expected).keys() == set()
        assert differences(other.post, expected).keys() == {what}

    def test_a_page_too_many_or_too_few_is_told(self, built: Built) -> None:
        (first, found), (second, _), (third, _), *rest = built.pages.items()
        pages = {first: found * 2, "not-ours.md": found, third: found, **dict(rest)}
        assert miscounted(pages, built.articles) == {first: 2, "not-ours.md": 1, second: 0}

    def test_H103_to_H108_what_broke_sites_is_shown_literally(self, built: Built) -> None:
        by_identity = {each.article.identity: name for name, each in built.articles.items()}
        for identity, text in built.corpus.must_show.items():
            content = built.pages[by_identity[identity]][0].content
            # Elements are joints for this reader, so spaces beside them do not count.
            assert squeeze(text) in squeeze(content.get_text()), identity

    def test_H95_H97_H105_nothing_runs(self, built: Built) -> None:
        for pages in built.pages.values():
            soup = pages[0].soup
            assert not soup.select("script, iframe, style, svg, object, form")
            for tag in soup.find_all(True):
                assert not [name for name in tag.attrs if name.startswith("on")]
                assert not str(tag.get("href", "")).startswith("javascript")

    @pytest.mark.parametrize("reader", YAML_READERS)
    def test_H101_the_front_matter_is_the_same_to_three_readers(
        self, built: Built, reader: str
    ) -> None:
        read = YAML_READERS[reader](built.posts)
        expected = YAML_READERS["pyyaml"](built.posts)
        assert read.keys() == expected.keys() == built.articles.keys()
        for name, each in built.articles.items():
            assert read[name]["title"] == plain(each.article.title or "")
            assert instant(read[name]["date"]) == each.article.published_at
            assert read[name] | {"date": None} == expected[name] | {"date": None}

    @pytest.mark.parametrize("zone", ZONES)
    def test_H112_the_day_is_that_of_shanghai_on_every_builder(
        self, tmp_path: Path, zone: str
    ) -> None:
        generator = type(self).generator()
        site = new_site(generator, tmp_path)
        nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
        export(generator, site, nights, {}, PLACE)
        generator.build(site, zone)
        shown = Counter((page.address, page.date) for page in read_pages(site / generator.output))
        assert shown == Counter(
            (self.address(f"sina-x{n}", night), shown_time(night)) for n, night in enumerate(NIGHTS)
        )

    def test_old_posts_are_not_built_until_the_window_grows(self, tmp_path: Path) -> None:
        generator = type(self).generator()
        site = new_site(generator, tmp_path)
        nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
        for first_day in (date(2022, 1, 1), date(2021, 12, 31), date(2022, 1, 22)):
            export(generator, site, nights, {}, PLACE, first_day)
            shutil.rmtree(site / generator.output, ignore_errors=True)
            generator.build(site)
            shown = Counter(page.date for page in read_pages(site / generator.output))
            expected = [shown_time(night) for night in NIGHTS if night.date() >= first_day]
            assert shown == Counter(expected)


def assert_none(wrong: Wrong, what: str) -> None:
    """Fail with the smallest of the pages on which a property is wrong."""
    reports = wrong.get(what, ())
    assert not reports, f"{len(reports)} pages, of which the smallest: {min(reports, key=len)}"


def miscounted(pages: Mapping[str, list[Page]], articles: Mapping[str, object]) -> dict[str, int]:
    """Return the number of pages of each post that has not exactly one, and of what is none."""
    counts = {name: len(pages.get(name, ())) for name in {*pages, *articles}}
    return {name: count for name, count in counts.items() if count != (name in articles)}


def with_credits(each: StoredArticle) -> str:
    """Return the article between the publisher's lines, as Hexo's and Hugo's pages show it."""
    original, editor = plain(each.article.original_title or ""), plain(each.article.editor or "")
    lines = [
        f"<p>　　原标题：{escape(original)}</p>" if original else "",
        each.article.body_html or "",
        f'<p class="article-editor">责任编辑：{escape(editor)} </p>' if editor else "",
    ]
    return "\n".join(filter(None, lines))


def check_no_referrer(built: Built) -> None:
    """No picture in an article tells its publisher who reads it (B8)."""
    for pages in built.pages.values():
        for image in pages[0].content.find_all("img"):
            assert image["referrerpolicy"] == "no-referrer"


def shown_time(when: datetime | None) -> str:
    """Return a time as the pages show it; all of the corpus are in +0800."""
    return f"{when:%Y-%m-%d %H:%M:%S} +0800"


def squeeze(text: str) -> str:
    """Return text without any white space."""
    return re.sub(r"\s+", "", text)
