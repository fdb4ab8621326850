"""Addresses of links and images (B2, B9, H95, H99, H100)."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newscrawl.cleaning.addresses import Base, absolute, joined
from newscrawl.cleaning.images import image_address

BASE = Base("https://news.example.com/2026/a/b.html?x=1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://img.example.com/a.jpg", "https://img.example.com/a.jpg"),
        ("//img.example.com/a.jpg", "https://img.example.com/a.jpg"),
        ("c.html#top", "https://news.example.com/2026/a/c.html#top"),
        ("../c.html", "https://news.example.com/2026/c.html"),
        ("/c d.html", "https://news.example.com/c%20d.html"),
        ("?p=2", "https://news.example.com/2026/a/b.html?p=2"),
        ("http://E.example.com", "http://e.example.com/"),
        (" \nhttp://e.example.com/a\tb ", "http://e.example.com/ab"),
        ("http://e.example.com/新闻?q=涨", "http://e.example.com/%E6%96%B0%E9%97%BB?q=%E6%B6%A8"),
        ('http://e.example.com/{a}|\\^`<b>"', "http://e.example.com/%7Ba%7D%7C%5C%5E%60%3Cb%3E%22"),
        ("http://e.example.com/100%?a=%2f", "http://e.example.com/100%25?a=%2f"),
        ("http://新闻.example.com/", "http://xn--efvy88h.example.com/"),
    ],
)
def test_H100_addresses_become_absolute(value: str, expected: str) -> None:
    assert absolute(value, BASE) == expected
    assert absolute(expected, BASE) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01 java\tscript:alert(1)",
        "JaVaScRiPt\u00a0:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "mailto:a@example.com",
        "http://",
        "http://[::1",
        "http://a:b@example.com/",
        "http://good.example.com\\@evil.example.com/",
        "http://example.com:99999999/",
        "https://e.example.com/" + "a" * 5000,
    ],
)
def test_H95_other_schemes_and_crooked_addresses_are_none(value: str) -> None:
    assert absolute(value, BASE) == ""


def test_H100_base_element_goes_before_the_page_address() -> None:
    tree = LexborHTMLParser('<base href="/static/"><p>x')
    node = tree.css_first("p")
    assert absolute("a.png", Base("https://e.example.com/x/y", node)) == (
        "https://e.example.com/static/a.png"
    )


def test_without_any_base_only_whole_addresses_count() -> None:
    assert absolute("a.png", Base("")) == ""
    assert absolute("//e.example.com/a.png", Base("")) == "https://e.example.com/a.png"


PIXEL = "data:image/gif;base64,R0lGOD"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"src": "a.jpg"}, "https://news.example.com/2026/a/a.jpg"),
        ({"src": PIXEL, "data-src": "//i.example.com/a.jpg"}, "https://i.example.com/a.jpg"),
        ({"src": "/blank.gif", "data-original": "/a.jpg"}, "https://news.example.com/a.jpg"),
        ({"src": "/none.gif", "file": "/f/a.jpg"}, "https://news.example.com/f/a.jpg"),
        ({"src": "/a.jpg", "data-original": "true"}, "https://news.example.com/a.jpg"),
        ({"srcset": "/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w"}, "https://news.example.com/l.jpg"),
        ({"srcset": "/1.jpg, /2.jpg 2x"}, "https://news.example.com/2.jpg"),
        ({"src": PIXEL}, ""),
        ({"src": "/t.gif", "width": "1", "height": "1"}, ""),
        ({"src": "/t.gif", "style": "border:0; width: 1px;height:0"}, ""),
        (
            {"src": "/a.jpg", "style": "max-width: 100%; width:10px"},
            "https://news.example.com/a.jpg",
        ),
        ({"src": None, "alt": None}, ""),
    ],
)
def test_H99_one_right_address_for_an_image(
    attributes: dict[str, str | None], expected: str
) -> None:
    assert image_address(attributes, BASE) == expected


def test_H99_srcset_of_fifty() -> None:
    srcset = ", ".join(f"/w{width}.jpg {width}w" for width in range(100, 5100, 100))
    assert image_address({"srcset": srcset}, BASE) == "https://news.example.com/w5000.jpg"


@pytest.mark.parametrize(
    "end", ["", "/", "/a.jpg", "/a?", "/a#", "/a;", "/a;b", "/../a", "//a", "/%"]
)
@pytest.mark.parametrize("begin", ["//", "http://", "https://", "HTTPS://", "/", ""])
@pytest.mark.parametrize("base", ["https://e.example.com/a/b.html", "http://e.example.com/", ""])
def test_addresses_are_joined_as_the_standard_library_does(base: str, begin: str, end: str) -> None:
    value = f"{begin}i.example.com{end}"
    assert joined(base, value) == urljoin(base, value)


@given(
    st.sampled_from(["https://e.example.com/a/b.html", "http://e.example.com/a?b#c", ""]),
    st.one_of(
        st.text(alphabet="https:/.?#;a%A0&@", max_size=30),
        st.builds(
            "{}i.example.com{}".format,
            st.sampled_from(["//", "http://", "https://", "HTTPS://", "/"]),
            st.text(alphabet="/.?#;a%A0&@涨", max_size=12),
        ),
    ),
)
def test_other_addresses_are_joined_so_too(base: str, value: str) -> None:
    assert joined(base, value) == urljoin(base, value)
