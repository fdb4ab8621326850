"""Posts in every variant that existing sites have; all text is invented."""

from pathlib import Path

from newscrawl.config import Config
from newscrawl.importing import Origin
from newscrawl.operations.importing import origins_of

ORIGINS: list[Origin] = origins_of(Config())

NW = "NW202201220000000001"
CODE = "202201220000000002"
CORE = "naaaaaa1234567"
SHARE = f"http://news.example.com/html_News/NewsShare.html?infoCode={NW}"
PAGE = f"http://finance.eastmoney.com/news/1355,{CODE}.html"
RETURN = (
    "[返回示例报新闻](//news.example.com/category/shilibao.html)｜[返回首页](//news.example.com/)"
)
RETURN_FLASH = "[返回东财滚动新闻](//news.example.com/emnews/)｜[返回首页](//news.example.com/)"
TWO_LINES = "[返回东财滚动新闻](/emnews/)\n\n[返回首页](/)"
TEXT = '<p>第一段&#123;x&#125;。</p>\n <p>第二段。</p><p class="em_media">（文章来源：示例报）</p>'


def jekyll(
    *,
    title: str = '"示例标题"',
    date: str = "2022-01-22 00:30:05 +0800",
    categories: str = "shilibao",
    tags: str = "示例报新闻",
    digest: str = "",
    body: str = TEXT,
    link: str = f"<{SHARE}>",
    back: str = RETURN,
) -> str:
    """Return a post of the Jekyll form; every part can be left out or be another."""
    front = f"layout: post\ntitle: {title}\ndate: {date}\ncategories: {categories}\ntags: {tags}\n"
    blocks = [digest, body, link, back]
    return f"---\n{front}---\n" + "\n\n".join(block for block in blocks if block)


def flash(*, digest: str = "> 示例摘要。", body: str = "<p>示例正文。</p>", **parts: str) -> str:
    """Return a post of the rolling flash news."""
    named = {"categories": "emnews", "tags": "东财滚动新闻", "link": f"<{PAGE}>"}
    return jekyll(digest=digest, body=body, **{**named, "back": RETURN_FLASH, **parts})


def hexo(
    *,
    title: str = "'示例标题'",
    categories: tuple[str, ...] = ("金融", "新浪财经", "新浪财经－国內"),
    picture: str = "https://img.example.com/a.jpg",
    date: str = "Fri, 21 Jan 2022 16:30:05 GMT",
    body: str = '<p>　　示例正文。</p>\n<p><img src="https://img.example.com/a.jpg" alt></p>',
) -> str:
    """Return a post of the Hexo form, with its blank first line and its spaces."""
    items = "".join(f" - {name}\n" for name in categories)
    return (
        f"\n---\ntitle: {title}\ncategories: \n{items}headimg: '{picture}'\n"
        f"author: {categories[1] if len(categories) > 1 else '示例'}\ncomments: false\n"
        f"date: {date}\nthumbnail: '{picture}'\n---\n\n<div>   \n{body}  \n</div>\n            "
    )


def put(folder: Path, name: str, text: str) -> Path:
    """Write a document into a folder and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path
