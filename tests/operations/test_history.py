"""What changed between two revisions, as a person reads it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from newscrawl.items import Image
from newscrawl.operations.history import difference
from tests.cli.conftest import FIRST, article

BEFORE = replace(
    article(0, "https://finance.sina.com.cn/doc-inaaaaaa0000000.shtml", FIRST),
    body_text="首段不变。央行下调利率0.25个百分点。末句不变！\n第二段。“引语？”他说。",
)


def changed(**fields: Any) -> list[str]:
    return list(difference(BEFORE, replace(BEFORE, **fields)))


def test_one_sentence_of_a_paragraph_is_shown_with_its_neighbours() -> None:
    text = (BEFORE.body_text or "").replace("0.25", "0.5")
    assert changed(body_text=text, body_html=f"<p>{text}</p>") == [
        "…",
        " 首段不变。",
        "-央行下调利率0.25个百分点。",
        "+央行下调利率0.5个百分点。",
        " 末句不变！",
    ]


def test_a_sentence_ends_behind_its_quotation_mark() -> None:
    text = (BEFORE.body_text or "").replace("他说", "她说")
    assert changed(body_text=text, body_html="x")[-2:] == ["-“引语？”他说。", "+“引语？”她说。"]


def test_title_and_fields_come_first() -> None:
    assert changed(title="更正", media=None, published_at=FIRST + timedelta(minutes=5)) == [
        f"-{BEFORE.title}",
        "+更正",
        "-published_at: 2026-01-10T09:30:00+08:00",
        "+published_at: 2026-01-10T09:35:00+08:00",
        "-media: 远山证券报",
        "+media: (none)",
    ]


def test_pictures_and_markup() -> None:
    picture = Image("https://img.example.com/a.jpg", "图")
    assert changed(images=[picture]) == ["…", "+picture https://img.example.com/a.jpg"]
    assert changed(body_html="<p><b>公告正文0。</b></p>") == ["…only markup"]
