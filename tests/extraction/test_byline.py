"""Credit lines at the edges of a body."""

import re
import time

import pytest

from newscrawl.extraction.byline import CREDIT_LINES, read_credits


def credits_of(*lines: str) -> list[tuple[str, str]]:
    return list(read_credits(lines))


PATTERNS = [re.compile(pattern) for pattern in CREDIT_LINES]


def is_credit(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in PATTERNS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("责任编辑：霍某 SF001", [("editor", "霍某 SF001")]),
        ("（责任编辑：霍某）", [("editor", "霍某）")]),
        ("（文章来源：上海某报·中国某网）", [("media", "上海某报·中国某网）")]),
        ("来源：某报 作者：乙", [("media", "某报"), ("author", "乙")]),
        ("来源:某报作者:乙", [("media", "某报"), ("author", "乙")]),
        ("作者 | 乙", [("author", "乙")]),
        ("文/乙 丙", [("author", "乙 丙")]),
        ("原标题：市长：“三步走”", [("original_title", "市长：“三步走”")]),
        ("原标题：【盘点】涨了？谁在买！", [("original_title", "【盘点】涨了？谁在买！")]),
        ("某京报记者 丙丁 编辑 戊己 校对 庚辛", [("author", "丙丁"), ("editor", "戊己")]),
        ("每经记者 丙丁 每经编辑 戊己", [("author", "丙丁"), ("editor", "戊己")]),
        ("（总台某台记者 丙丁戊 己庚）", [("author", "丙丁戊 己庚）")]),
        ("记者：丙丁", [("author", "丙丁")]),
        ("校对：丙丁", []),
        ("来源 某公众号", [("media", "某公众号")]),
        ("■本报记者 丙丁 戊己 北京报道", [("author", "丙丁 戊己 北京报道")]),
        ("撰文：乙", [("author", "乙")]),
        ("原题：涨了", [("original_title", "涨了")]),
        ("[责任编辑：霍某]", [("editor", "霍某]")]),
    ],
)
def test_credit_lines_are_read(line: str, expected: list[tuple[str, str]]) -> None:
    assert is_credit(line)
    assert credits_of("　　正文。", line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "记者：您怎么看这件事？",
        "记者 丙丁报道，指数上涨。",
        "记者从示例市政府获悉",
        "文化部门表示，活动将继续举行",
        "编辑部的故事，讲了三十年",
        "来源：" + "长" * 100,
        "来源 不明，记者仍在核实。",
    ],
)
def test_prose_is_no_credit(line: str) -> None:
    assert not is_credit(line)
    assert credits_of(line) == []


@pytest.mark.parametrize(
    "text",
    ["记者 " * 200, "记者 丙丁 " * 200, "甲 " * 500, "（" * 1000, "编辑：" * 400, "记者" * 60],
)
def test_H66_hostile_lines_cost_nothing(text: str) -> None:
    started = time.process_time()
    is_credit(text)
    is_credit(text[:110])
    credits_of(text, text[:119])
    assert time.process_time() - started < 0.05
