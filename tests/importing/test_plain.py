"""Bodies that need no cleaning: the short way gives what the long one would, or nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.cleaning.body import clean_body, fragment_nodes
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.text import folded
from newscrawl.extraction.byline import MAX_LINE
from newscrawl.importing.origins import OTHER, Origin
from newscrawl.importing.plain import plain_body
from tests.importing.documents import ORIGINS, TEXT

ALL = [*ORIGINS, OTHER]
IMAGE = '<img src="https://img.example.com/a.jpg" alt>'
MEDIA = '<p class="em_media">（文章来源：示例报）</p>'

words = st.text(
    st.one_of(
        st.sampled_from("　示例正文 ，。（）责任编辑：来源原标题作者"),
        st.sampled_from("\t\n\r\f\x00\x0b\x7f\x85\xa0\u200b\u2028\ufeff\ufffd\ufffc`~{}<>&;#\"'"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
references = st.sampled_from(["&amp;", "&lt;", "&gt;", "&#123;", "&#125;", "&nbsp;", "&#96;", "&"])
texts = st.lists(st.one_of(words, references), max_size=4).map("".join)
addresses = st.one_of(
    st.just("https://img.example.com/a.jpg"),
    st.sampled_from(
        [
            "http://webquotepic.eastmoney.com/a.png",
            "https://image.sinajs.cn/newchart/a.gif",
            "https://n.sinaimg.cn/x/w550h500q80/a.jpg",
            "https://img.example.com/../a.jpg",
            "https://img.example.com/a%zz.jpg",
            "https://IMG.example.com/a.jpg",
            "https://img.example.com:81/a.jpg",
            "https://a@img.example.com/a.jpg",
            "//img.example.com/a.jpg",
            "data:image/png;base64,AA",
        ]
    ),
    texts,
)
endings = st.sampled_from(["", " alt", ' alt=""', ' alt referrerpolicy="no-referrer"', ' alt="甲"'])
pictures = st.builds('<img src="{}"{}>'.format, addresses, endings)
paragraphs = st.one_of(texts, pictures).map("<p>{}</p>".format)
blocks = st.one_of(
    paragraphs,
    paragraphs,
    st.sampled_from(["<p></p>", "<div>甲</div>", "<p>甲<br>乙</p>", "<pre>甲</pre>", "甲", MEDIA]),
)
wild = st.builds(
    lambda found, joint, end: joint.join(found) + end,
    st.lists(blocks, max_size=6),
    st.sampled_from(["\n", "\n", "\n", "", "\n\n", "\n "]),
    st.one_of(st.just(""), st.just(MEDIA), texts.map('<p class="em_media">{}</p>'.format)),
)
mild_words = st.text("　 示例正文，。（）：a1\xa0\u200b\u3000\ufffd", max_size=12)
mild_references = st.sampled_from(["&amp;", "&lt;", "&gt;", "&#123;", "&#125;"])
credit_lines = st.sampled_from(
    ["（责任编辑：甲）", "来源：某报 作者：乙", "原标题：涨了", "海量资讯"]
)
mild_texts = st.one_of(
    *[st.lists(st.one_of(mild_words, mild_references), min_size=1, max_size=4).map("".join)] * 4,
    credit_lines,
)
mild_pictures = st.one_of(st.just(IMAGE), st.just(IMAGE), pictures)
mild_blocks = st.one_of(*[mild_texts] * 4, mild_pictures).map("<p>{}</p>".format)
mild = st.builds(
    lambda found, end: "\n".join(found) + end,
    st.lists(mild_blocks, min_size=1, max_size=6),
    st.one_of(
        st.just(""),
        st.just(""),
        st.just(MEDIA),
        mild_texts.map('<p class="em_media">{}</p>'.format),
    ),
)
bodies = st.one_of(mild, mild, wild)


@given(bodies, st.sampled_from(ALL))
@example("<p>甲</p>" + MEDIA, ALL[0])
@example("<p>（责任编辑：甲）</p>\n<p>甲</p>" + MEDIA, ALL[1])
@example("<p>甲 &amp; 乙 &lt;p&gt; &#123;&#123;</p>", OTHER)
def test_what_is_taken_as_it_is_would_be_cleaned_to_the_same(body: str, origin: Origin) -> None:
    found = plain_body(body, origin.noise)
    if found is None:
        return
    nodes = fragment_nodes(body)
    texts = [folded(part.text()) for node in nodes for part in node.css("p")]
    cleaned = clean_body(nodes, base_url="https://example.com/", noise=origin.noise)
    assert found == (cleaned, [text for text in texts if 0 < len(text) <= MAX_LINE])


@pytest.mark.parametrize("origin", ALL, ids=lambda origin: origin.name)
def test_a_body_that_we_wrote_is_taken_as_it_is(origin: Origin) -> None:
    body = f"<p>　　第一段&#123;x&#125;。</p>\n<p>{IMAGE}</p>\n<p>第二段。</p>"
    found = plain_body(body, origin.noise)
    assert found is not None
    assert found[0].html == body.replace(" alt>", ' alt="">')
    assert found[0].text == "第一段{x}。\n第二段。"
    assert plain_body(TEXT, origin.noise) is None, "white space between its lines"


@pytest.mark.parametrize(
    "rule",
    ["p", "*", "img", "p > img", "p:first-child", "img[src*=a]", "p + p", "[alt]", "p, .x"],
)
def test_where_a_rule_may_touch_a_paragraph_or_picture_nothing_is_taken(rule: str) -> None:
    body = f"<p>甲</p>\n<p>{IMAGE}</p>"
    assert plain_body(body, Noise()) is not None
    for noise in (Noise(drop=(rule,)), Noise(unwrap=(rule,)), Noise(captions=(rule,))):
        assert plain_body(body, noise) is None


def test_the_line_about_the_medium_goes_by_its_class_or_its_words() -> None:
    body = f"<p>甲</p>{MEDIA}"
    assert plain_body(body, Noise()) is None
    for noise in (Noise(drop=("p.em_media",)), Noise(drop_edges=(r"（文章来源.*",))):
        found = plain_body(body, noise)
        assert found is not None
        assert (found[0].html, found[1]) == ("<p>甲</p>", ["甲", "（文章来源：示例报）"])
    assert plain_body(body, Noise(unwrap=("p.em_media",))) is None


def test_H66_a_long_line_that_is_almost_plain_takes_no_time() -> None:
    body = "<p>" + "甲&amp;" * 30_000 + "</p"
    assert plain_body(body, Noise()) is None
