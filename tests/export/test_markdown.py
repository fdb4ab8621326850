"""Plain text in kramdown lines; that the page shows it is proved in tests/sites."""

import html

import pytest

from newscrawl.export import markdown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('"涨"', "&#34;涨&#34;"),
        ("a--b", "a&#45;&#45;b"),
        ("a-b", "a-b"),
        ("等...", "等&#46;&#46;&#46;"),
        ("<<a>>", "&#60;&#60;a&#62;&#62;"),
        ("100*200*300", "100&#42;200&#42;300"),
        ("a | b", "a &#124; b"),
        ("2022. 甲", "2022&#46; 甲"),
        ("10) 甲", "10&#41; 甲"),
        ("$$x$$", "&#36;&#36;x&#36;&#36;"),
        ("~~a~~", "&#126;&#126;a&#126;&#126;"),
        ("甲 :toc", "甲 &#58;toc"),
        ("http://a", "http&#58;//a"),
        ("a::b", "a&#58;&#58;b"),
        ("# 甲", "&#35; 甲"),
        ("甲 # 乙", "甲 # 乙"),
        ("+1", "&#43;1"),
        ("%甲", "&#37;甲"),
        ("- 甲", "&#45; 甲"),
        ("{{ x }}", "&#123;&#123; x &#125;&#125;"),
        ("HFO-1234yf(四氟丙烯) 7.72% A股： 2.0,2.0", "HFO-1234yf(四氟丙烯) 7.72% A股： 2.0,2.0"),
    ],
)
def test_M1_M2_digest(text: str, written: str) -> None:
    assert markdown.line(text) == written
    assert html.unescape(written) == text


def test_M1_the_rules_for_the_start_of_a_line_do_not_hold_inside_it() -> None:
    assert markdown.inline("2022. 甲") == "2022. 甲"
    assert markdown.inline("+甲]乙") == "+甲&#93;乙"
