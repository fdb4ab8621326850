"""Credit lines inside bodies: who wrote, who edited, where it was first printed.

Publishers put them into the first or last paragraphs of the text, ``（责任编辑：甲）``,
``来源：某报 作者：乙``, ``新京报记者 丙 校对 丁``. They are fields, not text. All repetitions in
the patterns are bounded: hostile text costs a bounded number of steps (H66).
"""

import re
from collections.abc import Iterable, Iterator

from newscrawl.cleaning.text import folded

MAX_LINE = 120  # characters; a longer paragraph is prose that happens to begin with a label

_FIELDS = {
    "标题": "original_title",
    "来源": "media",
    "转自": "media",
    "原题": "original_title",
    "作者": "author",
    "署名": "author",
    "撰文": "author",
    "撰稿": "author",
    "记者": "author",
    "文": "author",
    "编辑": "editor",
    "责编": "editor",
}
_ROLE = "(?:记者|编辑|责编|校对|审核|审读|编审|监制|主编|通讯员|摄影|统筹|制图|实习生)"
_COLON = r"\s?[:：丨|｜/／]\s?"
_LABEL = (
    r"(?:(?:文章|稿件|信息|新闻|资料|本文|内容)?来源|(?:本文|原文|原创)?作者(?:署名)?|撰文|撰稿|文"
    r"|(?:本文|文章)?转自|编译|翻译|策划|出品|排版|视觉|剪辑"
    rf"|(?:责任|值班|本文|执行|网络|微信|图文|终审)?(?!记者){_ROLE})"
)
_NAME = r"[\u4e00-\u9fff·]{2,6}"
_NAMES = rf"{_NAME}(?:[\s、，,]{{1,2}}{_NAME}){{0,5}}"
_OUTLET = r"[\u4e00-\u9fffA-Za-z0-9《》·]{0,16}?"

ORIGINAL_TITLE = r"[（(【\[]?原文?标题\s?[:：].{1,150}"
"""Never a line of the text itself, wherever it stands."""

CREDIT_LINES: tuple[str, ...] = (
    # 原标题：涨了？ (a title may end like a sentence, a name does not)
    ORIGINAL_TITLE,
    # 原题：涨了？ (among the exercises of a lesson it is text)
    r"[（(【\[]?原题\s?[:：].{1,150}",
    # 责任编辑：甲 SF123 · （文章来源：某报） · 作者 | 乙
    rf"[（(【\[]?{_LABEL}{_COLON}[^。！？]{{1,80}}",
    # 本文源自金融界 · 转载自：某报
    r"[（(]?(?:本文(?:来源于|源自|来自|转自|转载自)[:：]?|(?:转载自|源自)[:：])\s?[^\s。，！？]{2,24}[）)]?",
    # 来源 某报 (labels without a colon need more than a word that begins a sentence)
    r"[（(【\[]?(?:文章|稿件|信息|新闻)?来源\s[^\s。，！？]{2,20}[）)】\]]?",
    # 记者：丙 (names only: an interview has 记者：您怎么看)
    rf"[（(]?{_OUTLET}记者{_COLON}{_NAMES}[）)]?",
    # 新京报记者 丙 编辑 丁 校对 戊 · （总台央视记者 己 庚） · 本报记者 辛 北京报道
    rf"(?!.{{{MAX_LINE}}})[（(■▲●◆□]?\s?(?:{_OUTLET}\s?{_ROLE}\s{{1,2}}{_NAMES}[\s，,；;]{{0,2}}){{1,4}}[）)]?",
)
"""Fullmatched against whole blocks at the edges of a body: made for ``Noise.drop_edges``."""

_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in CREDIT_LINES))
# A label at the start of a word takes the word before it along: 某报记者, 责任编辑.
_SPLIT = re.compile(
    r"(?:(?<![^\s（(【\[])[^\s（(【\[:：]{0,16}?)?"
    rf"(标题|原题|来源|转自|作者|署名|撰文|撰稿|{_ROLE})(?:{_COLON}|\s{{1,2}})|(文){_COLON}"
)


def read_credits(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield ``(field of Article, value)`` from the credit lines among ``lines``.

    lines: what rules about text took out of a body (``CleanBody.left_out``). The values
    keep their brackets and staff numbers; the loader's processors take them off.
    """
    for line in lines:
        line = folded(line)
        if len(line) <= MAX_LINE and _LINE.fullmatch(line):
            yield from _pairs(line)


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Split one credit line at its labels."""
    parts = _SPLIT.split(line)  # text, label, "文" or None, value, label, …
    for named, short, value in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        field = _FIELDS.get(named or short)
        if field and value.strip():
            yield field, value.strip(" ，,；;（(")
