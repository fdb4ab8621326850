"""Addresses of the category pages."""

import pytest

from newscrawl.export.slugs import slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("长江商报", "changjiangshangbao"),
        ("投行", "touxing"),
        ("银行", "yinxing"),
        ("重庆", "zhongqing"),
        ("厦门", "shamen"),
        ("会计", "huiji"),
    ],
)
def test_S6_one_reading_a_character(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_S1_no_tones_lower_case_and_v() -> None:
    assert slug("绿茶") == "lvcha"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("21世纪经济报道", "21shijijingjibaodao"),
        ("IT之家", "ITzhijia"),
        ("6G俱乐部", "6Gjulebu"),
    ],
)
def test_S2_letters_and_digits_stay(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海证券报·中国证券网", "shanghaizhengquanbao·zhongguozhengquanwang"),
        ("安信国际证券(香港)", "anxinguojizhengquan(xianggang)"),
        ("甲（乙）", "jia（yi）"),
        ("a_b+c.d", "a_b+c.d"),
        ("..甲.", "jia"),
        ("甲.(.乙", "jia.yi"),
        ("__甲_", "jia_"),
        ("(_甲", "jia"),
        ("甲...乙", "jia.yi"),
        ("((甲)", "(jia)"),
        ("甲)乙(", "jiayi"),
        ("甲(乙）", "jiayi"),
    ],
)
def test_S3_what_stays(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_S4_what_goes() -> None:
    assert slug("甲 乙\u3000丙\u00a0丁") == "jiayibingding"
    assert slug("甲-/\\:*?\"'<>|#%&{}[]=,;!@$^~`\x00\x85\u2028乙") == "jiayi"
    assert slug("ＡＢ！") == "ＡＢ！", "other characters stay"


def test_S5_length_and_never_empty() -> None:
    assert len(slug("甲" * 300).encode()) <= 100 - len("_999")
    assert slug("(" + "甲" * 300 + ")").startswith("jia")
    assert slug("!!!") == slug("!!!")
    assert slug("!!!").isalnum()
    assert slug("!!!") != slug("???")


@pytest.mark.parametrize("name", ["../../etc", "/abs/olute", "a\x00b", "%2e%2e", "..", "./."])
def test_H110_H107_no_name_leads_out_of_its_folder(name: str) -> None:
    made = slug(name)
    assert "/" not in made
    assert not made.startswith(".")
    assert "%" not in made
    assert made
