"""What must hold for the built pages of every dialect; a test class of each inherits it."""

import json
import re
import shutil
import subprocess
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import frontmatter
import pytest

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.text import plain
from newscrawl.export import Placement
from tests.export.builders import PLACE
from tests.sites.builders import HEXO_TOOLS, Generator, export, new_site
from tests.sites.corpus import NIGHTS, ZONES, Corpus, article, corpus
from tests.sites.pages import Page, read_pages, show

_RUBY = (
    "require 'psych'; require 'json'; require 'date'; print JSON.generate(Dir[ARGV[0] + '/*'].map {"
    " |f| [File.basename(f), Psych.safe_load(File.read(f).split(/^---\\n/)[1],"
    " permitted_classes: [Time, Date]).transform_values { |v| v.is_a?(Time) ? v.to_i : v }]"
    " }.to_h)"
)
_NODE = (
    "const fs = require('fs'), yaml = require('js-yaml');"
    "const dir = process.argv[1], read = {};"
    "for (const name of fs.readdirSync(dir)) {"
    " const found = yaml.load(fs.readFileSync(`${dir}/${name}`, 'utf8').split(/^---\\n/m)[1]);"
    " if (found.date instanceof Date) found.date = found.date.getTime() / 1000;"
    " read[name] = found; }"
    "process.stdout.write(JSON.stringify(read));"
)
YAML_READERS = {"psych": ["ruby", "-e", _RUBY], "js-yaml": ["node", "-e", _NODE]}


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

    def build(self, folder: Path) -> Built:
        """Export the corpus into a new site below ``folder`` and build it."""
        generator, found = type(self).generator(), corpus()
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

    def test_H104_H105_every_post_has_exactly_one_page(self, built: Built) -> None:
        assert {name: len(pages) for name, pages in built.pages.items()} == dict.fromkeys(
            built.articles, 1
        )

    def test_H101_H102_C6_titles_are_exact(self, built: Built) -> None:
        for name, each in built.articles.items():
            assert built.pages[name][0].title == plain(each.article.title or "")

    def test_J3_X6_H3_dates_are_exact(self, built: Built) -> None:
        for name, each in built.articles.items():
            assert built.pages[name][0].time == shown_time(each.article.published_at)

    def test_J4_X3_H4_categories_and_tags_are_exact(self, built: Built) -> None:
        for name, each in built.articles.items():
            page = built.pages[name][0]
            assert page.categories == self.categories(built, each), name
            assert page.tags == self.tags(built, each), name

    def test_B1_to_B9_the_content_is_shown_as_written(self, built: Built) -> None:
        for name, each in built.articles.items():
            expected = show(self.content(built, each), without=self.indents)
            assert show(built.pages[name][0].content) == expected, name

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
        if reader == "js-yaml" and not HEXO_TOOLS.exists():
            pytest.skip("js-yaml comes with Hexo: run scripts/install-site-generators.sh")
        where = HEXO_TOOLS if HEXO_TOOLS.exists() else None
        command = [*YAML_READERS[reader], str(built.posts)]
        done = subprocess.run(command, cwd=where, capture_output=True, check=True)
        read = json.loads(done.stdout)
        assert read.keys() == built.articles.keys()
        for name, found in read.items():
            expected = frontmatter.load(str(built.posts / name)).metadata  # PyYAML
            published = built.articles[name].article.published_at
            assert published
            assert instant(found.pop("date")) == instant(expected.pop("date")) == published
            assert found == expected
            assert found["title"] == plain(built.articles[name].article.title or "")

    @pytest.mark.parametrize("zone", ZONES)
    def test_H112_the_day_is_that_of_shanghai_on_every_builder(
        self, tmp_path: Path, zone: str
    ) -> None:
        generator = type(self).generator()
        site = new_site(generator, tmp_path)
        nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
        export(generator, site, nights, {}, PLACE)
        generator.build(site, zone)
        shown = {(page.address, page.time) for page in read_pages(site / generator.output)}
        assert shown == {
            (self.address(f"sina-x{n}", night), shown_time(night)) for n, night in enumerate(NIGHTS)
        }

    def test_old_posts_are_not_built_until_the_window_grows(self, tmp_path: Path) -> None:
        generator = type(self).generator()
        site = new_site(generator, tmp_path)
        nights = [article(n, "<p>夜</p>", published_at=night) for n, night in enumerate(NIGHTS)]
        for first_day in (date(2022, 1, 1), date(2021, 12, 31), date(2022, 1, 22)):
            export(generator, site, nights, {}, PLACE, first_day)
            shutil.rmtree(site / generator.output, ignore_errors=True)
            generator.build(site)
            shown = Counter(page.time for page in read_pages(site / generator.output))
            expected = [shown_time(night) for night in NIGHTS if night.date() >= first_day]
            assert shown == Counter(expected)


def with_credits(each: StoredArticle) -> str:
    """Return the article between the publisher's lines, as Hexo's and Hugo's pages show it."""
    original, editor = plain(each.article.original_title or ""), plain(each.article.editor or "")
    lines = [
        f"<p>　　原标题：{escape(original)}</p>" if original else "",
        each.article.body_html or "",
        f"<p>责任编辑：{escape(editor)} </p>" if editor else "",
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


def instant(value: Any) -> datetime:
    """Return the instant that a reader of YAML made of a date, whatever type it chose."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, int):
        return datetime.fromtimestamp(value).astimezone()
    if "GMT" in value:
        return parsedate_to_datetime(value)
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S %z")


def squeeze(text: str) -> str:
    """Return text without any white space."""
    return re.sub(r"\s+", "", text)
