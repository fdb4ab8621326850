"""Bodies as publishers write them, and what is left of them (B1 to B9)."""

import time
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.body import CleanBody, clean_body, clean_fragment, clean_plain_text
from newscrawl.cleaning.noise import Noise
from newscrawl.items import Image

URL = "https://news.example.com/2026/a.html"
DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"


def clean(html: str, noise: Noise | None = None) -> CleanBody:
    return clean_fragment(html, base_url=URL, noise=noise or Noise())


def test_the_example_of_the_format() -> None:
    source = """<p>价格 {{ x }} 元 < 5 & "稳"<pre>a {

  b
}</pre>尾 *注*<script>x</script>"""
    assert clean(source).html == (
        '<p>价格 &#123;&#123; x &#125;&#125; 元 &lt; 5 &amp; "稳"</p>\n'
        "<pre>a &#123;\n&#10;  b\n&#125;</pre>\n"
        "<p>尾 *注*</p>"
    )


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the sample documents are not here")
def test_the_first_sample_stays_as_it_is() -> None:
    sample = next(DOCUMENTS.glob("000_*.txt")).read_text(encoding="utf-8")
    body = sample.split("\n---\n", 1)[1].split('<p class="em_media">')[0]
    assert "</p>\n <p>" in body
    assert clean(body).html == body.strip()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("甲<br>乙", "<p>甲<br>乙</p>", id="text outside blocks is wrapped"),
        pytest.param("甲<p>乙</p>丙", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>", id="around blocks too"),
        pytest.param(
            "甲 <b>乙</b>\n<p>丙</p>", "<p>甲 <b>乙</b></p>\n<p>丙</p>", id="white space outside"
        ),
        pytest.param(
            "<strong><p>甲</p><p>乙</p></strong>",
            "<p><strong>甲</strong></p>\n<p><strong>乙</strong></p>",
            id="inline around blocks goes inside",
        ),
        pytest.param(
            '<a href="/x"><div>甲</div></a>',
            '<div><a href="https://news.example.com/x">甲</a></div>',
            id="a link around a block goes inside",
        ),
        pytest.param("<p>甲</p><p>　　</p><p>&nbsp;<br></p>", "<p>甲</p>", id="empty blocks go"),
        pytest.param("<div><div><p></p></div></div>", "", id="empty all the way up"),
        pytest.param("<div>甲<p></p>乙</div>", "<div>甲<br>乙</div>", id="but still part lines"),
        pytest.param("<p>甲<b><i></i></b>乙</p>", "<p>甲乙</p>", id="empty inline goes"),
        pytest.param("<p>甲<span>乙</span></p>", "<p>甲乙</p>", id="span without meaning goes"),
        pytest.param("<p>甲<o:p>乙</o:p></p>", "<p>甲乙</p>", id="unknown elements are unwrapped"),
        pytest.param("<center>甲</center>", "<center>甲</center>", id="center stays"),
        pytest.param("<section>甲</section>", "<div>甲</div>", id="page parts become div"),
        pytest.param("<p>甲</p><hr/><p>乙", "<p>甲</p>\n<hr>\n<p>乙</p>", id="void without slash"),
        pytest.param("<p>甲<!-- c --><?x?>乙</p>", "<p>甲乙</p>", id="comments go"),
        pytest.param(
            "<P CLASS='a  b' ID=x STYLE=color:red>甲", '<p class="a b">甲</p>', id="names"
        ),
        pytest.param(
            "<ul><li>甲<ul><li>乙</ul></ul>", "<ul><li>甲<ul><li>乙</li></ul></li></ul>", id="lists"
        ),
        pytest.param("<p>a</p >\n\n <p>b</p >", "<p>a</p>\n <p>b</p>", id="joints"),
        pytest.param("<p>&amp;lt; &lt;b&gt;</p>", "<p>&amp;lt; &lt;b&gt;</p>", id="decoded once"),
    ],
)
def test_structure(source: str, expected: str) -> None:
    assert clean(source).html == expected
    assert clean(expected).html == expected


def test_H53_references_are_decoded_exactly_once() -> None:
    assert clean("<p>&amp;lt;b&amp;gt; &amp;nbsp;</p>").text == "&lt;b&gt; &nbsp;"


def test_tables_are_read_row_by_row() -> None:
    body = clean(
        "<table border=1><colgroup><col></colgroup><tr><th>项目<th colspan=2>数值"
        "<tr><td><p>收入</p><td>1.2<td><p>亿</p><p>元</p></table>"
    )
    assert body.html == (
        '<table><tbody><tr><th>项目</th><th colspan="2">数值</th></tr>'
        "<tr><td><p>收入</p></td><td>1.2</td><td><p>亿</p><p>元</p></td></tr></tbody></table>"
    )
    assert body.text == "项目\t数值\n收入\t1.2\t亿 元"


def test_a_layout_table_keeps_its_paragraphs() -> None:
    long = (
        "这是一段放在版式表格里的正文，比一个数据单元格长得多，所以每一段各占一行，不与别的合并。"
    )
    assert clean(f"<table><tr><td><p>{long}</p><p>{long}</p></table>").text == f"{long}\n{long}"


def test_text_has_one_paragraph_a_line() -> None:
    body = clean("<p>　　甲\n 乙<b>丙</b></p><p>丁<br>戊</p><pre>己\n\n庚</pre>")
    assert body.text == "甲 乙丙\n丁\n戊\n己\n庚"


def test_images_with_captions() -> None:
    body = clean(
        '<div class="w"><img data-src="//i.example.com/1.jpg" src="data:x" alt>'
        '<span class="cap">图一</span></div><p>文</p>'
        "<figure><figcaption>图二</figcaption><img src=2.jpg></figure><img src=3.jpg>",
        Noise(captions=(".cap",)),
    )
    assert body.images == (
        Image("https://i.example.com/1.jpg", "图一"),
        Image("https://news.example.com/2026/2.jpg", "图二"),
        Image("https://news.example.com/2026/3.jpg"),
    )
    assert '<img src="https://i.example.com/1.jpg" alt="">' in body.html
    assert body.text == "图一\n文\n图二"


def test_noise_rules() -> None:
    noise = Noise(
        drop=(".qr", "div[class^=ad]"),
        unwrap=("a.keyword", "span[id^=stock_]"),
        drop_images=(r"quote\.example\.com/",),
        drop_text=(r"扫码关注.*",),
        original_image=((r"/w\d+d1q75cms\.jpg.*$", ""),),
    )
    body = clean(
        '<p>买入<span id="stock_1" class="s"><a class="keyword" href="/q">某股</a></span></p>'
        '<div class="qr"><img src="/qr.png">海量资讯</div><div class="ad_1">广告</div>'
        '<p><img src="//quote.example.com/p.png"></p>'
        '<p><img src="//i.example.com/n/a.jpg/w700d1q75cms.jpg?by=x"></p>'
        "<p><b>扫码</b>关注 某公众号</p><p>尾<br>扫码关注<br>完</p>",
        noise,
    )
    assert body.html == (
        '<p>买入某股</p>\n<p><img src="https://i.example.com/n/a.jpg"></p>\n<p>尾<br>完</p>'
    )
    assert body.text == "买入某股\n尾\n完"


def test_edge_rules_stop_at_the_first_other_line() -> None:
    noise = Noise(drop_edges=("责任编辑：.*", "原标题：.*"))
    body = clean(
        "<p>原标题：甲</p><p>正文一。</p><div>责任编辑：不是<p>正文二。</p></div>"
        "<p>责任编辑：乙</p><p><b>责任编辑：丙</b></p>",
        noise,
    )
    assert body.html == "<p>正文一。</p>\n<div>责任编辑：不是<p>正文二。</p></div>"
    assert clean(body.html, noise) == body


def test_a_caption_rule_gives_way_to_a_drop_rule() -> None:
    noise = Noise(captions=("span",), drop=(".x",))
    assert clean('<p>甲<span class="x">乙</span></p>', noise).text == "甲"


def test_merged_noise_has_the_rules_of_both() -> None:
    merged = Noise(drop=("a",), drop_text=("x",)).merged(Noise(drop=("b",)))
    assert merged == Noise(drop=("a", "b"), drop_text=("x",))


def test_a_body_of_several_parts_of_one_tree() -> None:
    tree = LexborHTMLParser(
        "<div class=part>甲</div><p>别的</p><div class=part>乙</div><h2>丙</h2><p>丁</p>"
    )
    nodes = [*tree.css(".part"), *tree.css("h2")]
    assert clean_body(nodes, base_url=URL, noise=Noise()).html == (
        "<p>甲</p>\n<p>乙</p>\n<h2>丙</h2>"
    )
    assert clean_body([], base_url=URL, noise=Noise()) == CleanBody("", "", ())


def test_hidden_elements_go() -> None:
    assert clean("<p style='DISPLAY : none;height:1px'>甲</p><p hidden>乙</p><p>丙").text == "丙"


@pytest.mark.parametrize(
    "source",
    [
        "<script>x</script>",
        "<style>p{background:url(javascript:x)}</style>",
        '<img src="x.png" onerror="x">',
        '<p style="width:expression(alert(1))" onclick=x>',
        '<a href="java&#9;script:alert(1)">',
        "<a href='&#1;javascript:x'>",
        '<a href="data:text/html;base64,PHNjcmlwdD4=">',
        "<svg onload=x><script>x</script></svg>",
        "<math><mtext><img src=x onerror=x></mtext></math>",
        '<base href="//evil.example.com/">',
        '<meta http-equiv="refresh" content="0;url=//evil.example.com">',
        '<form action=/x><input name=p><button formaction="javascript:x">b</button></form>',
        "<object data=x></object><embed src=x>",
        "<template><script>x</script></template>",
        "<frameset onload=x><frame src=x></frameset>",
        "<textarea></textarea><select><option>x</select><xmp><script>x</script></xmp>",
    ],
)
def test_H95_active_content_is_removed(source: str) -> None:
    html = clean(f"<p>前</p>{source}<p>后</p>").html.lower()
    assert "前" in html
    assert not any(
        word in html
        for word in ("script", "onerror", "onload", "onclick", "style", "evil", "data:", "refresh")
    )
    assert not any(f"<{tag}" in html for tag in ("svg", "math", "form", "object", "embed", "base"))


@pytest.mark.parametrize(
    "source",
    [
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=x>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        '<p title="</p><script>x</script>">甲</p>',
        "<table><td><select><table><p title='<img onerror=x>'>甲",
        "<a><table><td><a>甲<p>乙</a>丙",
    ],
)
def test_H96_cleaning_twice_changes_nothing(source: str) -> None:
    once = clean(source)
    assert clean(once.html) == once
    tree = LexborHTMLParser(once.html)
    assert not tree.css("script, style, svg, math, form, [onerror], [onload]")


def test_H98_frames_and_players_become_plain_links() -> None:
    body = clean(
        '<iframe src="//player.example.com/v?id=1&amp;a={}" onload=x></iframe>'
        '<video poster=p><source src="/v.mp4">您的浏览器不支持</video>'
        '<iframe src="about:blank"></iframe>'
    )
    assert body.html == (
        '<p><a href="https://player.example.com/v?id=1&amp;a=%7B%7D">嵌入页面</a>'
        '<a href="https://news.example.com/v.mp4">视频</a></p>'
    )


def test_H99_tracking_pixels_go() -> None:
    assert clean('<p>甲<img src="/t.gif" width="1" height="1"></p>').html == "<p>甲</p>"


def test_H55_thousands_of_open_elements() -> None:
    started = time.perf_counter()
    for tag in ("div", "ul", "blockquote", "table><tr><td", "p><span class=x"):
        body = clean(f"<{tag}>" * 5_000 + "文")
        assert body.text == "文"
        assert body.html.count("</") <= 64
    assert time.perf_counter() - started < 5


def test_B7_paragraphs_below_the_deepest_level_stay_apart() -> None:
    body = clean("<div>" * 100 + "<p>甲</p><p>乙</p>" + "</div>" * 100)
    assert body.text == "甲\n乙"
    assert clean(body.html) == body


def test_H57_an_attribute_without_end() -> None:
    assert clean(f'<p title="{"a" * 1_000_000}">甲</p>').html == "<p>甲</p>"


def test_H58_broken_markup_reads_like_in_a_browser() -> None:
    body = clean(
        "<html><body><div><p>一<b>二<i>三</b>四</i><table><tr><td>五<p><a href=/x>六<p>七</table>"
        "</div></div></body></html><html><body>八<td>九"
    )
    assert body.text.split() == ["一二三四", "五", "六", "七", "八九"]
    assert clean(body.html) == body


def test_H52_H115_line_ends_and_odd_characters() -> None:
    body = clean("\ufeff<p>甲  \r\n\r\n乙\u2028丙\x00\x0b</p>\r\n\r\n<p>丁\ud83d</p>  \r\n")
    assert body.html == "<p>甲\n乙 丙</p>\n<p>丁</p>"


def test_plain_text_becomes_paragraphs() -> None:
    body = clean_plain_text("　　第一段 {{x}} <b>\r\n\r\n　　第二段 &amp;\n \u3000\n")
    assert (
        body.html
        == "<p>　　第一段 &#123;&#123;x&#125;&#125; &lt;b&gt;</p>\n<p>　　第二段 &amp;amp;</p>"
    )
    assert body.text == "第一段 {{x}} <b>\n第二段 &amp;"
    assert clean_plain_text(" \n").html == ""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>甲</p><noscript><p>乙</noscript><p>丙</p>丁", "甲\n乙\n丙\n丁"),
        ("<div>甲<noscript><div><b>乙</noscript>丙</div></div>戊", "甲\n乙丙\n戊"),
        ("<p>甲<noscript><p>乙</p></noscript>丙</p>", "甲\n乙\n丙"),
    ],
)
def test_what_an_unclosed_noscript_takes_in_is_kept(source: str, text: str) -> None:
    """Without scripts its end tag is ignored where a paragraph is open (HTML §13.2.6.4.7)."""
    assert clean(source).text == text


@pytest.mark.parametrize(
    "source",
    [
        "<p>甲<img data-src=//a.b/1.jpg><noscript><img src=//a.b/1.jpg></noscript></p>",
        "<p>甲</p><noscript><p>请启用脚本</p></noscript><p>乙</p>",
        "<p>甲<noscript>请启用脚本</noscript></p>",
    ],
)
def test_a_noscript_that_ends_goes(source: str) -> None:
    cleaned = clean(source)
    assert "脚本" not in cleaned.text
    assert len(cleaned.images) <= 1
