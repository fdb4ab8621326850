"""Titles of posts that nobody can tell but by them."""

import pytest

from newscrawl.identity.posts import same_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("标题", "标题"),
        ("Win11/10/8.1 更新", "Win11_10_8.1 更新"),
        ("有趣的事实?", "有趣的事实_"),
        ("他说：“好: 的”", "他说：“好_ 的”"),
        (
            "据某平台监测显示，某合约遭受攻击，损失约103,755美元。某团队分析发现",
            "据某平台监测显示，某合约遭受攻击，损失约103,755美元。某...",
        ),
    ],
)
def test_a_mangled_or_cut_title_is_the_same(one: str, other: str) -> None:
    assert same_title(one, other)
    assert same_title(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("早报", "晚报"), ("标题", "标题二"), ("早...", "早报"), ("?", "/"), ("标题二", "标题...")],
)
def test_another_title_is_another(one: str, other: str) -> None:
    assert not same_title(one, other)
