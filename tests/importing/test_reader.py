"""From a file to an article: whose it is, what it says, where it stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.archive import ImportedPost
from newscrawl.importing import Broken, Reason, read_post

from . import documents
from .documents import CODE, CORE, NW, ORIGINS, PAGE, put
from .test_parts import NIGHT

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(folder: Path, text: str, name: str = "post.md", *, verbatim: bool = False) -> ImportedPost:
    return read_post(put(folder, name, text), ORIGINS, now=NOW, verbatim=verbatim)


def test_a_jekyll_post_becomes_an_article_of_its_source(tmp_path: Path) -> None:
    post = read(tmp_path, documents.jekyll())
    article = post.article
    assert (article.source, article.identity) == ("eastmoney", f"em-nw:{NW}")
    assert article.url == f"https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode={NW}"
    assert (article.title, article.published_at) == ("示例标题", NIGHT)
    assert article.media == "示例报"
    assert article.body_html == "<p>第一段&#123;x&#125;。</p>\n <p>第二段。</p>"
    assert article.body_text == "第一段{x}。\n第二段。"
    assert (article.flags, article.extractor) == (["imported"], "import/jekyll")
    assert (post.section, post.placed, post.slug) == (None, None, ("示例报", "shilibao"))
    assert (post.dialect, post.name, post.content) == ("jekyll", "post.md", None)


def test_J5_flash_news_keeps_its_digest_and_channel(tmp_path: Path) -> None:
    post = read(tmp_path, documents.flash())
    assert (post.article.summary, post.article.body_text) == ("示例摘要。", "示例正文。")
    assert (post.article.identity, post.article.url) == (f"em:{CODE}", PAGE)
    assert post.article.flags == ["flash", "imported"]
    assert post.section == "legacy-flash"
    assert post.slug == ("东财滚动新闻", "emnews")
    assert post.article.media is None


def test_a_digest_that_stands_alone_is_the_text(tmp_path: Path) -> None:
    article = read(tmp_path, documents.flash(body="", digest="\n涨{7}%。")).article
    assert (article.summary, article.body_html) == ("涨{7}%。", "<p>涨&#123;7&#125;%。</p>")


def test_the_outlet_stands_in_the_credit_else_in_the_tag(tmp_path: Path) -> None:
    without = documents.jekyll(body="<p>正文。</p>")
    assert read(tmp_path, without).article.media == "示例报"
    own = documents.jekyll(body="<p>正文。</p>", tags="东方财富新闻")
    assert read(tmp_path, own).article.media is None


def test_a_hexo_post_is_found_by_the_name_of_its_site(tmp_path: Path) -> None:
    body = "<p>　　原标题：旧题</p>\n<p>　　正文。</p>\n<p>责任编辑：张三 SF123</p>"
    post = read(tmp_path, documents.hexo(body=body))
    article = post.article
    assert (article.source, post.section, post.placed) == ("sina_finance", "china", None)
    assert (article.original_title, article.editor) == ("旧题", "张三")
    assert article.body_html == "<p>　　正文。</p>"
    assert (article.identity or "").startswith("post:")
    assert article.url == article.identity


def test_the_file_name_of_a_hexo_post_tells_its_article(tmp_path: Path) -> None:
    article = read(tmp_path, documents.hexo(), f"2022-01-22-sina-{CORE}.md").article
    assert article.identity == f"sina:{CORE}"
    assert article.url == f"https://finance.sina.com.cn/doc-i{CORE}.shtml"


def test_a_post_of_another_site_keeps_its_place(tmp_path: Path) -> None:
    post = read(tmp_path, documents.hexo(categories=("新媒体", "IT 之家", "热榜")))
    assert (post.article.source, post.section) == ("imported", None)
    assert post.placed == ("新媒体", "IT 之家", "热榜")


def test_a_feed_that_the_source_does_not_know_is_kept(tmp_path: Path) -> None:
    post = read(tmp_path, documents.hexo(categories=("金融", "新浪财经", "新浪财经－旧栏目")))
    assert (post.article.source, post.section) == ("sina_finance", None)
    assert post.placed == ("金融", "新浪财经", "新浪财经－旧栏目")


def test_a_jekyll_post_of_another_site_is_placed_by_its_outlet(tmp_path: Path) -> None:
    post = read(tmp_path, documents.jekyll(link="<http://www.example.com/a/1.html>"))
    assert post.article.source == "imported"
    assert post.article.url == "http://www.example.com/a/1.html"
    assert post.placed == ("其他", "示例报", "示例报")


def test_the_text_is_cleaned_by_the_rules_of_its_source(tmp_path: Path) -> None:
    body = (
        '<p>正文。</p><p style="display:none">x</p><!-- EM_StockImg_Start --><script>y</script>'
        '<p><a class="keytip" href="//quote.eastmoney.com/1.html">甲股</a>涨 &amp;lt;</p>'
    )
    article = read(tmp_path, documents.jekyll(body=body)).article
    assert article.body_html == "<p>正文。</p>\n<p>甲股涨 &amp;lt;</p>"


def test_only_credit_lines_go_from_the_text_of_another_site(tmp_path: Path) -> None:
    body = "原标题：旧题<br>\n<p>正文。</p><p>来源：某站</p>"
    article = read(tmp_path, documents.hexo(categories=("编程", "某站", "热"), body=body)).article
    assert article.body_text == "正文。\n来源：某站"


def test_H79_C7_it_counts_as_seen_when_it_was_published(tmp_path: Path) -> None:
    assert read(tmp_path, documents.jekyll()).article.fetched_at == NIGHT
    future = read(tmp_path, documents.jekyll(date="2030-01-01 00:00:00 +0800")).article
    assert future.fetched_at == NOW


def test_the_bytes_are_kept_only_when_asked(tmp_path: Path) -> None:
    text = "\ufeff" + documents.jekyll().replace("\n", "\r\n")
    post = read(tmp_path, text, verbatim=True)
    assert post.content == text.encode()
    assert post.article.title == "示例标题"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\nlayout: category\ntitle: 示例新闻\ncategory: shili\n---", Reason.NO_POST),
        ("---\ntitle: x\n---\n", Reason.NO_POST),
        (documents.hexo(date="Invalid Date"), Reason.NO_DATE),
        (documents.jekyll(body="", link=""), Reason.NO_BODY),
        (documents.jekyll(body="<p> </p>"), Reason.NO_BODY),
        (documents.jekyll(title='"说"好"了"'), Reason.BAD_YAML),
        (documents.hexo(title="'It's'"), Reason.BAD_YAML),
        (documents.jekyll(body="<div>" * 20_000), Reason.HOSTILE),
    ],
)
def test_a_broken_document_says_why(tmp_path: Path, text: str, reason: Reason) -> None:
    with pytest.raises(Broken) as end:
        read(tmp_path, text)
    assert end.value.reason is reason


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "post.md", documents.jekyll())
    path = path.rename(tmp_path / "\udcff.md")
    with pytest.raises(Broken) as end:
        read_post(path, ORIGINS, now=NOW)
    assert end.value.reason is Reason.BAD_NAME
