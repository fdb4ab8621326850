"""Which article an address of Sina stands for."""

import pytest

from newscrawl.spiders.sina_finance import SinaFinance, addresses

DOC = "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa1234567.shtml"


@pytest.mark.parametrize(
    "url",
    [
        "http://finance.sina.com.cn/roll/2026-09-28/doc-inaaaaaa1234567.shtml",
        "https://FINANCE.sina.com.cn:443/china/2026-09-28/doc-inaaaaaa1234567.shtml#comment",
        "https://news.sina.com.cn/c/2026-09-29/doc-inaaaaaa1234567.shtml?from=wap&utm_source=x",
        "https://finance.sina.com.cn/stock/s/2026-09-28/doc-inaaaaaa1234567.shtml.md",
        "https://finance.sina.cn/stock/s/2026-09-28/detail-inaaaaaa1234567.d.html?vt=4&cid=1",
        "https://finance.sina.com.cn/zl/china/2026-09-28/zl-inaaaaaa1234567.shtml",
        "https://doc.sina.cn/?id=comos:naaaaaa1234567",
        "https://doc.sina.cn/?vt=4&id=comos%3Anaaaaaa1234567",
    ],
)
def test_H84_H85_one_article_under_many_addresses_is_one_identity(url: str) -> None:
    identity = SinaFinance.identify(url)
    assert identity.key == "sina:naaaaaa1234567"
    assert identity.url_hash == SinaFinance.identify(DOC).url_hash


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (
            "https://cj.sina.com.cn/articles/view/123456/0123456789abcdef001?froms=x",
            "sina:0123456789abcdef001",
        ),
        (
            "https://t.cj.sina.com.cn/articles/view/123456/0123456789abcdef001",
            "sina:0123456789abcdef001",
        ),
        (
            "http://finance.sina.com.cn/china/20121219/012414044470.shtml",
            "sina:/china/20121219/012414044470",
        ),
        ("http://ent.sina.com.cn/y/2009-11-09/13562762964.shtml", "sina:/y/2009-11-09/13562762964"),
        (
            "http://news.sina.com.cn/o/2006-10-05/10218156867s.shtml",
            "sina:/o/2006-10-05/10218156867s",
        ),
        (
            "https://k.sina.com.cn/article_7395349859_p1b8cc0963019012345.html?from=x",
            "sina:1b8cc0963019012345",
        ),
        ("https://finance.sina.com.cn/7x24/?id=4500001", "sina:zhibo-4500001"),
        ("https://finance.sina.com.cn/zt_d/x/?page=2", "https://finance.sina.com.cn/zt_d/x?page=2"),
    ],
)
def test_other_forms_of_addresses(url: str, key: str) -> None:
    assert SinaFinance.identify(url).key == key


def test_H86_the_case_of_a_path_means_something() -> None:
    one, two = (SinaFinance.identify(f"https://finance.sina.com.cn/{x}/1.html") for x in "aA")
    assert one.url_hash != two.url_hash


def test_H87_percent_encodings_of_one_path_are_one() -> None:
    forms = ("宏观", "%E5%AE%8F%E8%A7%82", "%e5%ae%8f%e8%a7%82")
    urls = {SinaFinance.identify(f"https://finance.sina.com.cn/t/{x}/").key for x in forms}
    assert len(urls) == 1


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://slide.finance.sina.com.cn/a.html", "gallery"),
        ("https://finance.sina.com.cn/slide_9_1.html", "gallery"),
        ("https://VIDEO.sina.com.cn/p/1.html", "video"),
        ("https://finance.video.sina.com.cn/p/1.html", "video"),
        ("https://live.finance.sina.com.cn/1", "live"),
        ("https://zhibo.sina.com.cn/1", "live"),
        ("https://zhongce.sina.com.cn/report/1", "trial"),
        ("https://finance.sina.com.cn/focus/a/index.shtml", "topic"),
        ("https://finance.sina.cn/zt_d/a", "topic"),
        ("https://finance.sina.com.cn/focus/2026-11-21/doc-inaaaaaa1234567.shtml", None),
        ("https://finance.sina.com.cn/blog/livestock/doc-inaaaaaa1234567.shtml", None),
        ("https://finance.sina.com.cn/china/doc-inaaaaaa1234567.shtml", None),
    ],
)
def test_an_address_tells_what_is_no_article(url: str, kind: str | None) -> None:
    assert addresses.other_kind(url) == kind
    assert not addresses.is_login(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://login.sina.com.cn/sso",
        "https://passport.weibo.com/visitor",
        "https://mail.sina.com.cn/signup/signin.php",
        "https://news.sina.com.cn/login?entry=a",
    ],
)
def test_H73_an_address_tells_where_one_is_sent_to_log_in(url: str) -> None:
    assert addresses.is_login(url)
    assert addresses.other_kind(url) is None
