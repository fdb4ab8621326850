"""Canonical addresses: one spelling a page, and nothing that two readers read differently."""

import re
from urllib.parse import urlsplit, urlunsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.identity.urls import UnsafeURL, canonical_url, check_url, comparison_url, host_of

PAGE = "https://finance.example.com/china/doc-1.shtml"


@pytest.mark.parametrize(
    "url",
    [
        "http://finance.example.com/china/doc-1.shtml",
        "HTTPS://FINANCE.Example.COM/china/doc-1.shtml",
        "http://finance.example.com:80/china/doc-1.shtml",
        "https://finance.example.com:443/china/doc-1.shtml",
        "http://finance.example.com:443/china/doc-1.shtml",
        "https://finance.example.com./china/doc-1.shtml",
        "  https://finance.example.com/china/doc-1.shtml\n",
        "https://finance.example.com/stock/../china/./doc-1.shtml",
        "https://finance.example.com/china/doc-1.shtml?",
        "https://finance.example.com/china/doc-1.shtml#comment",
    ],
)
def test_H84_scheme_host_port_and_dots_have_one_spelling(url: str) -> None:
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/news",
        "https://www.example.com/news/",
        "https://m.example.com/news",
        "https://EXAMPLE.com:443/news/index.html",
        "https://example.com/news/index.shtml",
        "https://www.example.com/news/default.htm#top",
    ],
)
def test_H84_host_prefix_index_page_and_trailing_slash_are_one_identity(url: str) -> None:
    assert comparison_url(url) == "https://example.com/news"


@given(
    st.sampled_from(
        ["www.example.com", "m.a.example.com", "m.com", "[::1]", "www.示例.cn", "a.b:80"]
    ),
    st.lists(
        st.sampled_from(
            [*"/?#=&.%a示", "index.html", "//", "?b=1&utm_x=2", "/../", "default.shtml"]
        ),
        max_size=8,
    ),
)
def test_H84_comparing_parts_an_address_as_the_standard_library_does(
    host: str, parts: list[str]
) -> None:
    url = f"http://{host}/{''.join(parts)}"
    split = urlsplit(canonical_url(url))
    netloc = re.sub(r"^(www|m)\.(?=[^.]+\.)", "", split.netloc)
    path = re.sub(r"/(index|default)\.s?html?$", "/", split.path).rstrip("/") or "/"
    assert comparison_url(url) == urlunsplit(("https", netloc, path, split.query, ""))


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://news.example.com/a", "https://stock.example.com/a"),
        ("https://m.cn/a", "https://cn/a"),
        ("https://example.com/reindex.html", "https://example.com/re"),
        ("https://example.com/a/index.html?id=1", "https://example.com/a/index.html?id=2"),
    ],
)
def test_H84_what_only_looks_alike_stays_apart(url: str, other: str) -> None:
    assert comparison_url(url) != comparison_url(other)


@pytest.mark.parametrize(
    "query",
    [
        "?id=7&b=2",
        "?b=2&id=7",
        "?id=7&utm_source=x&utm_medium=y&b=2",
        "?from=wap&id=7&spm=1.2&b=2&share_token=z#comment",
    ],
)
def test_H85_tracking_order_and_fragment_mean_nothing(query: str) -> None:
    assert canonical_url(f"https://example.com/a{query}") == "https://example.com/a?b=2&id=7"


@pytest.mark.parametrize(
    ("one", "two"),
    [("id=1", "id=2"), ("id=1", ""), ("q=%B9%FA", "q=%B9%FB"), ("a=1&a=2", "a=1"), ("a=", "b=")],
)
def test_H85_meaningful_queries_are_two_pages(one: str, two: str) -> None:
    """``%B9%FA`` and ``%B9%FB`` are GBK: neither is valid UTF-8, both select content."""
    assert canonical_url(f"https://example.com/?{one}") != canonical_url(
        f"https://example.com/?{two}"
    )


def test_H85_bytes_of_a_query_stay_the_bytes_that_the_server_knows() -> None:
    assert canonical_url("https://example.com/s?q=%b9%fa+a") == "https://example.com/s?q=%B9%FA+a"


def test_H85_a_source_can_name_parameters_that_mean_nothing() -> None:
    address = canonical_url("https://example.com/a?vt=4&id=7", frozenset({"vt"}))
    assert address == "https://example.com/a?id=7"


def test_H86_paths_that_differ_in_case_are_two_pages() -> None:
    assert comparison_url("https://example.com/A/b") != comparison_url("https://example.com/a/B")


@pytest.mark.parametrize(
    "path", ["/新闻/a", "/%E6%96%B0%E9%97%BB/a", "/%e6%96%b0%e9%97%bb/%61", "/新%E9%97%BB/a"]
)
def test_H87_percent_encoding_has_one_form(path: str) -> None:
    assert canonical_url(f"https://example.com{path}") == (
        "https://example.com/%E6%96%B0%E9%97%BB/a"
    )


def test_H87_an_encoded_slash_or_question_mark_stays_encoded() -> None:
    assert canonical_url("https://example.com/a%2fb%3fc") == "https://example.com/a%2Fb%3Fc"


@pytest.mark.parametrize(
    "host", ["新闻.example.com", "xn--efvy88h.example.com", "新闻。example.com"]
)
def test_H87_an_idn_host_and_its_punycode_are_one(host: str) -> None:
    assert canonical_url(f"https://{host}/") == "https://xn--efvy88h.example.com/"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://example.com/a",
        "s3://bucket/key",
        "javascript:alert(1)",
        "gopher://example.com/",
        "//example.com/a",
        "/china/doc-1.shtml",
        "doc-1.shtml",
        "",
    ],
)
def test_H29_only_http_and_https_are_addresses(url: str) -> None:
    with pytest.raises(UnsafeURL):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        r"http://good.example\@evil.example/",
        "http://good.example#@evil.example",
        "http://good.example?@evil.example",
        "http://good.example@evil.example/",
        "http://user:secret@good.example/",
        "http://good.example/a\r\nHost: evil.example",
        "http://good.example/\ta",
        "http://good.example/a b",
        "http://good.example/\x00",
        "http://good.example:0/",
        "http://good.example:65536/",
        "http://good.example:80a/",
        "http:///path",
        "http://?",
        "http://go%6fd.example/",
        "http://good%2eexample/",
        "http://good\u3000evil.example/",
        "http://good\u2100evil.example/",
        "http://a..example/",
        "http://a\u200d.example/",
        "http://good.example:8080/",
        "http://straße.example/",
        "http://[::1/",
        "http://[v1.x]/",
        "http://[::1%25eth0]/",
        "http://" + "a" * 64 + ".example/",
        "http://good.example/\ud800",
    ],
)
def test_H31_what_two_parsers_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(UnsafeURL):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/@name/a@b",
        "https://example.com/?mail=a@b.example",
        "http://192.0.2.1:80/a",
        "https://a_b.example.com/",
        "https://[2001:db8::1]:443/a",
    ],
)
def test_H31_plain_addresses_pass_unchanged(url: str) -> None:
    assert check_url(url) == url


def test_an_ipv6_host_keeps_its_brackets() -> None:
    assert canonical_url("http://[2001:DB8:0::1]/a") == "https://[2001:db8::1]/a"


_PARTS = st.text(alphabet="aA1.%/?#&=+-_~:@;,中é　%2f%B9", max_size=30)


@given(st.sampled_from(["http://", "https://", "HTTP://"]), _PARTS, _PARTS)
@example("http://", "1", ";/")
def test_canonical_and_comparison_forms_are_final(scheme: str, host: str, rest: str) -> None:
    """Whatever comes in: refused with our own exception, or a form that maps to itself."""
    try:
        address = canonical_url(f"{scheme}{host}/{rest}")
    except UnsafeURL:
        return
    assert check_url(address) == address
    assert canonical_url(address) == address
    compared = comparison_url(address)
    assert comparison_url(compared) == compared


@given(
    st.from_regex(r"https?://[a-zA-Z0-9-]{1,4}(\.[a-z0-9-]{1,4}){1,3}/[A-Za-z0-9_./-]{0,12}"),
    st.sampled_from(["", "/", "/./a", "/../a", "//", "/.a", "/a.shtml"]),
)
@example("https://xn--fiq.example.com/", "a")
@example("http://finance.example.com/a/b/doc-1.shtml", "")
def test_H84_the_short_way_to_an_address_that_is_canonical_ends_the_same(
    start: str, path: str
) -> None:
    """A fragment is dropped, and takes the long way."""

    def read(url: str) -> str | None:
        try:
            return canonical_url(url)
        except UnsafeURL:
            return None

    url = (start + path).replace("\n", "")
    assert read(url) == read(f"{url}#x")


@pytest.mark.parametrize(
    "url",
    [
        "https://finance.example.com/a/b.shtml",
        "http://example.com/",
        "https://example.com",
        "https://EXAMPLE.com/A",
        "https://example.com:443/a?b=c#d",
        "https://user@example.com/a",
        "https://xn--fiqs8s.example.com/a",
        "//example.com/a",
        "example.com/a",
        "https:///a",
        "https://[::1]/a",
        "",
    ],
)
def test_the_host_of_an_address_is_what_the_library_reads(url: str) -> None:
    assert host_of(url) == (urlsplit(url).hostname or "")
