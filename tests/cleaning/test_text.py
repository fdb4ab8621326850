"""Characters of titles and bodies (C2, C6, B3 to B5)."""

import time

import pytest

from newscrawl.cleaning.text import escaped, escaped_attribute, laid_out, permitted, plain


def test_H52_forbidden_characters_go_and_line_separators_become_spaces() -> None:
    hostile = "甲\x00乙\x08丙\x1b丁\x7f戊\x84己\ufeff庚\ufffc辛\ufdd0壬\ufffe癸\ud83d"
    assert permitted(hostile) == "甲乙丙丁戊己庚辛壬癸"
    assert permitted("a\x85b\u2028c\u2029d\x0ce") == "a b c d e"
    assert permitted("a\r\nb\rc\n") == "a\nb\nc\n"


def test_H54_title_keeps_its_characters_and_folds_white_space() -> None:
    assert plain("\u3000\u3000沪指\xa0\n涨\t1% \u200d稳\ufeff ") == "沪指 涨 1% \u200d稳"
    assert plain("a: b / c? <b>&amp;</b> {{x}}") == "a: b / c? <b>&amp;</b> {{x}}"


def test_text_is_escaped_once() -> None:
    assert escaped('{{a}} < b & "c" &lt;') == '&#123;&#123;a&#125;&#125; &lt; b &amp; "c" &amp;lt;'


def test_attribute_values_are_one_line() -> None:
    assert escaped_attribute('a\n\n "b"\t{c}') == "a &quot;b&quot; &#123;c&#125;"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p>\n <p>b</p>", "<p>a</p>\n <p>b</p>"),  # the joints of the first sample
        ("<p>a</p> \n\n \t\n  <p>b</p>\n\n", "<p>a</p>\n <p>b</p>"),
        ("<p>a \n\t\nb</p>", "<p>a\nb</p>"),
        ("<p>a  b</p>", "<p>a  b</p>"),
        ("<pre>\n\na\n \t\nb</pre>", "<pre>\n&#10;\na\n \t&#10;b</pre>"),
        ("\n\n<pre>a</pre>\n\n<pre>b</pre>\n", "<pre>a</pre>\n<pre>b</pre>"),
        ("<p>``` ~~~~ ``</p>", "<p>&#96;&#96;&#96; &#126;&#126;&#126;&#126; ``</p>"),
    ],
)
def test_layout(html: str, expected: str) -> None:
    assert laid_out(html) == expected


def test_H66_long_runs_of_white_space_cost_nothing() -> None:
    started = time.perf_counter()
    laid_out("<p>a" + " " * 300_000 + "b" + "\n \t" * 100_000 + "</p>")
    plain("( " * 200_000)
    assert time.perf_counter() - started < 1
