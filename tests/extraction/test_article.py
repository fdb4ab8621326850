"""Filling and finishing an article, the same for every source."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newscrawl.cleaning.body import clean_plain_text
from newscrawl.cleaning.noise import Noise
from newscrawl.extraction.article import (
    Template,
    add_body,
    finish_article,
    matching,
    read_article,
)
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import Rule
from newscrawl.identity.identities import Identity
from newscrawl.items import Article
from newscrawl.listings import Entry
from newscrawl.loaders import ArticleLoader
from newscrawl.outcomes import Quarantined

SHANGHAI = ZoneInfo("Asia/Shanghai")
URL = "https://example.com/a/1.html?utm_source=x#top"
IDENTITY = Identity("t:1", "https://example.com/1")
TIME = datetime(2026, 9, 28, 10, 0, tzinfo=SHANGHAI)
TEMPLATE = Template(
    name="plain",
    marker="h1.t",
    body=(".body", ".text"),
    title=(Rule("h1.t"),),
    published=(Rule(".d", name="visible"), Rule("meta[name=time]", "content", name="meta")),
    updated=(Rule(".u"),),
    media=(Rule(".m"),),
    author=(Rule(".a"),),
    summary=(Rule(".s"),),
    keywords=(Rule(".k"), Rule("meta[name=keywords]", "content")),
    lead_image=(Rule("img.lead", "src"),),
)


def page(html: str) -> Page:
    return Page(URL, html.encode(), TIME + timedelta(hours=1))


def finish(loader: ArticleLoader, entry: Entry | None = None) -> Article:
    return finish_article(
        loader, page=page(""), identity=IDENTITY, source="test", version=3, entry=entry
    )


def read(html: str, entry: Entry | None = None) -> Article:
    loader = ArticleLoader()
    read_article(page(html), TEMPLATE, noise=Noise(), loader=loader, zone=SHANGHAI)
    return finish(loader, entry)


def filled(**values: Any) -> ArticleLoader:
    loader = ArticleLoader()
    for field, value in ({"title": "题", "published_at": TIME, "extractor": "x"} | values).items():
        loader.add_value(field, value)
    add_body(loader, clean_plain_text("正文。"))
    return loader


WHOLE = (
    '<h1 class="t">题</h1><i class="d">2026-09-28 09:30</i><i class="m">某报</i>'
    '<div class="body"><p>第一段。</p></div>'
)


def test_a_page_becomes_an_article() -> None:
    article = read(WHOLE)
    assert (article.source, article.identity, article.url_hash) == (
        "test",
        "t:1",
        IDENTITY.url_hash,
    )
    assert (article.extractor, article.extractor_version) == ("test/plain", 3)
    assert (article.title, article.media, article.body_text) == ("题", "某报", "第一段。")
    assert (str(article.published_at), article.date_source) == (
        "2026-09-28 09:30:00+08:00",
        "visible",
    )
    assert article.url == "https://example.com/a/1.html"
    assert article.fetched_at == TIME + timedelta(hours=1)
    assert len(article.content_hash or "") == 64


def test_a_body_may_have_several_parts() -> None:
    html = WHOLE.replace("</div>", '</div><p>插入</p><div class="body"><p>第二段。</p></div>')
    assert read(html).body_text == "第一段。\n第二段。"


def test_a_part_inside_another_part_is_read_once() -> None:
    html = WHOLE.replace("<p>第一段。</p>", '<div class="body"><p>第一段。</p></div>')
    assert read(html).body_text == "第一段。"


def test_the_template_is_found_by_its_marker() -> None:
    assert matching(page(WHOLE), (replace(TEMPLATE, marker="h1.other"), TEMPLATE)) is TEMPLATE
    assert matching(page(WHOLE), (replace(TEMPLATE, beside=".other"), TEMPLATE)) is TEMPLATE
    both = replace(TEMPLATE, beside=".body")
    assert matching(page(WHOLE), (both, TEMPLATE)) is both
    assert matching(page("<p>甲</p>"), (both, TEMPLATE)) is None
    assert matching(page("<h1>题</h1>"), (TEMPLATE,)) is None


def test_keywords_come_from_the_first_place_that_has_any() -> None:
    meta = '<meta name="keywords" content="丙,丁">'
    assert read(meta + WHOLE).keywords == ["丙", "丁"]
    assert read(f'{meta}<a class="k">甲</a><a class="k">乙</a>{WHOLE}').keywords == ["甲", "乙"]


def test_a_lead_image_is_the_first_of_the_body_else_the_one_of_the_page() -> None:
    lead = '<img class="lead" src="/lead.jpg">'
    assert read(lead + WHOLE).lead_image == "https://example.com/lead.jpg"
    inside = WHOLE.replace("<p>", '<img src="//img.example.com/1.jpg"><p>')
    assert read(lead + inside).lead_image == "https://img.example.com/1.jpg"


def test_hints_of_the_listing_fill_gaps_only() -> None:
    entry = Entry(
        URL, "列表题", TIME, TIME + timedelta(minutes=5), "列表报", "导语", ("词",), ("sh1",)
    )
    bare = read('<h1 class="t"></h1><div class="body"><p>文。</p></div>', entry)
    assert (bare.title, bare.media, bare.summary) == ("列表题", "列表报", "导语")
    assert (bare.published_at, bare.date_source) == (TIME, "listing")
    assert (bare.keywords, bare.stock_codes) == (["词"], ["sh1"])
    assert bare.updated_at == TIME + timedelta(minutes=5)
    full = read(WHOLE, entry)
    assert (full.title, full.media, full.date_source) == ("题", "某报", "visible")


def test_values_that_only_repeat_another_field_are_dropped() -> None:
    article = finish(filled(author=["题", "某报"], media="某报", summary="题", keywords="题,词"))
    assert (article.author, article.summary, article.keywords) == ("题", None, ["词"])


@pytest.mark.parametrize(
    ("field", "reason"),
    [("title", "no_title"), ("published_at", "no_time"), ("body_text", "no_body")],
)
def test_H68_an_article_without_title_time_or_body_is_quarantined(field: str, reason: str) -> None:
    loader = filled()
    loader.replace_value(field, [])
    with pytest.raises(Quarantined) as end:
        finish(loader)
    assert end.value.reason == reason


def test_H81_an_update_before_publication_is_dropped_and_flagged() -> None:
    early = finish(filled(updated_at=TIME - timedelta(minutes=1)))
    assert (early.published_at, early.updated_at, early.flags) == (TIME, None, ["bad_update"])
    same = finish(filled(updated_at=TIME))
    assert (same.updated_at, same.flags) == (None, [])


def test_H51_text_that_was_garbled_before_is_kept_and_flagged() -> None:
    assert read(WHOLE.replace("第一段", "ä¸Šæµ·")).flags == ["suspect_text"]
    assert read(f"<aside>ä¸Šæµ·</aside>{WHOLE}").flags == []


def test_H91_the_content_hash_changes_with_title_and_body_alone() -> None:
    one = finish(filled())
    assert finish(filled(media="别报", keywords="词")).content_hash == one.content_hash
    assert finish(filled(title="新题")).content_hash != one.content_hash


def test_what_only_the_listing_told_is_named() -> None:
    page_says = "<html><h1 class=t>标题</h1><i class=m>示例报</i><p class=body>正文。</p></html>"
    entry = Entry(URL, title="另题", media="他报", summary="摘要", published_at=TIME)
    article = read(page_says, entry)
    assert (article.title, article.media, article.summary) == ("标题", "示例报", "摘要")
    assert article.hinted == ["summary"]
    echo = page_says.replace("</h1>", "</h1><i class=s>标题</i>")
    assert read(echo, entry).hinted == ["summary"]
