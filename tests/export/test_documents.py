"""The two documents that the sites had before us, where a checkout of them stands beside."""

import re
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.config import Site
from newscrawl.export.posts import CHINA
from newscrawl.items import Image
from tests.export.builders import PLACE, configured, name_of, render

_DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"


def document(number: str) -> str:
    """Return one document, or skip."""
    found = list(_DOCUMENTS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the original documents are not beside this checkout")
    return found[0].read_bytes().decode("utf-8")


def value(text: str, key: str) -> str:
    """Return the value of a line of the front matter as it stands there."""
    found = re.search(rf"^{key}: (.*)$", text, re.MULTILINE)
    assert found
    return found[1]


def test_J1_to_J9_the_eastmoney_document_byte_for_byte() -> None:
    original = document("000")
    body = original.split("---\n")[2].split('<p class="em_media">')[0]
    code = re.search(r"infoCode=(NW\d+)", original)
    share_base = re.search(r"<(http://[^/]+)/", original)
    base = re.search(r"\]\((//[^/]+)/\)\Z", original)
    assert code
    assert share_base
    assert base
    fields: dict[str, Any] = {
        "identity": f"em-nw:{code[1]}",
        "url": f"https://share.example.com/html_News/NewsShare.html?infoCode={code[1]}",
        "title": value(original, "title").strip('"'),
        "published_at": datetime.strptime(value(original, "date"), "%Y-%m-%d %H:%M:%S %z"),
        "media": value(original, "tags").removesuffix("新闻"),
        "body_html": body.replace("<p>", "<p>　　"),
    }
    config = configured(site=Site(base=base[1], share_base=share_base[1]))
    assert render("jekyll", config=config, **fields).text == original
    assert name_of(**fields) == f"2021-12-21-{code[1]}.md"


def test_X1_to_X6_the_sina_document_front_matter_byte_for_byte() -> None:
    original = document("002")
    front = original[: original.index("\n---\n\n") + len("\n---\n\n")]
    group, site, feed = re.findall(r"^ - (.*)$", front, re.MULTILINE)
    assert (group, site, feed) == ("金融", "新浪财经", "新浪财经－国內")
    first, *_, last = re.findall(r"<p.*?</p>", original)
    image = re.search(r'<div class="img_wrapper">.*?</div>', original)
    assert image
    written = render(
        "hexo",
        place=replace(PLACE, group=group, site=site, feed=feed),
        title=value(front, "title").strip("'"),
        published_at=parsedate_to_datetime(value(front, "date")).astimezone(CHINA),
        images=[Image(value(front, "headimg").strip("'"))],
        original_title=first.removeprefix("<p>　　原标题：").removesuffix("</p>"),
        editor=last.removeprefix('<p class="article-editor">责任编辑：').removesuffix(" </p>"),
        body_html=image[0].replace(' alt referrerpolicy="no-referrer"', ' alt=""'),
    ).text
    assert written == f"{front}<div>   \n{first}\n{image[0]}\n{last}  \n</div>\n            "
