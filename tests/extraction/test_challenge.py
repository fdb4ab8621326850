"""Challenge pages are told from articles that speak of them."""

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.challenge import is_challenge
from newscrawl.extraction.page import Page


def page(html: str) -> Page:
    return Page("https://example.com/", html.encode(), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "html",
    [
        "<title>提示</title><p>您的访问过于频繁，请稍后再试</p>",
        "<p>请输入图中的验证码</p><img><input>",
        "<title>安全验证</title><script>"
        + "var x;" * 5000
        + "</script><div>请拖动滑块完成拼图</div>",
    ],
)
def test_H71_a_page_that_only_asks_for_proof(html: str) -> None:
    assert is_challenge(page(html))


@pytest.mark.parametrize(
    "html",
    [
        "<p>请输入验证码的诈骗短信增多。</p>" + "<p>警方提醒，切勿相信。</p>" * 100,
        "<p>正文。</p><script>showCaptcha('请输入验证码')</script>",
        "",
    ],
)
def test_H72_a_page_that_mentions_it(html: str) -> None:
    assert not is_challenge(page(html))
