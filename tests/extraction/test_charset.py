"""Bytes to text, whatever header and page say about them (H44 to H51)."""

import time
import timeit
from collections.abc import Callable

import pytest

from newscrawl.extraction.charset import Decoded, decode, is_suspect

TEXT = "沪指周三收涨百分之一，两市成交额放大，多家公司发布公告。" * 5
TRADITIONAL = "臺北股市週三收漲，多家公司發布財務報告，電子類股領軍。" * 5


def page(text: str, charset: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return f"<html><head>{meta if charset else ''}</head><body>{text}</body></html>"


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        pytest.param(page(TEXT).encode(), "", "utf-8", id="plain UTF-8"),
        pytest.param(page(TEXT).encode("gbk"), "text/html; charset=utf-8", "gb18030", id="H44"),
        pytest.param(
            page(TEXT, "gb2312").encode(), "text/html; charset=gb2312", "utf-8", id="lies"
        ),
        pytest.param(page(TEXT, "gb2312").encode(), "text/html; charset=utf-8", "utf-8", id="H47"),
        pytest.param(
            page(TEXT, "utf-8").encode("gb18030"), "text/html; charset=GBK", "gb18030", id="H47 too"
        ),
        pytest.param(page(TEXT, "gbk").encode("gbk"), "", "gb18030", id="meta"),
        pytest.param(page(TRADITIONAL, "big5").encode("big5"), "", "big5hkscs", id="H48 Big5"),
        pytest.param(page(TRADITIONAL).encode("big5"), "", "big5hkscs", id="H48 Big5 undeclared"),
        pytest.param(page(TEXT).encode("gbk"), "", "gb18030", id="GBK undeclared"),
        pytest.param(page(TEXT).encode("gbk"), "text/html; charset=x-foo", "gb18030", id="H49"),
        pytest.param(page(TEXT, "gbk;gbk").encode("gbk"), "text/html", "gb18030", id="H49 twice"),
        pytest.param(
            page(TEXT, "hex").encode("gbk"), "text/html; charset=zlib", "gb18030", id="H49 codecs"
        ),
        pytest.param(
            page(TEXT).encode("gbk"), "text/html; charset=ISO-8859-1", "gb18030", id="Latin"
        ),
    ],
)
def test_the_encoding_that_the_bytes_bear_out(body: bytes, header: str, encoding: str) -> None:
    found = decode(body, header)
    assert found.encoding == encoding
    assert TEXT in found.text or TRADITIONAL in found.text


def test_H45_gb2312_means_gb18030() -> None:
    text = "朱镕基、李喆谈€汇率，𠮷野家"
    assert decode(text.encode("gb18030"), "text/html; charset=gb2312").text == text


def test_H46_declaration_after_a_megabyte_of_script() -> None:
    body = b"<script>" + b"var a = 1;\n" * 100_000 + b"</script>" + page(TEXT, "gbk").encode("gbk")
    started = time.perf_counter()
    found = decode(body)
    assert found.encoding == "gb18030"
    assert TEXT in found.text
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_H48_byte_order_mark_decides_and_goes(encoding: str) -> None:
    assert decode("标题".encode(encoding), "text/html; charset=gbk").text == "标题"


def test_utf_16_without_mark_is_read_where_the_header_says_so() -> None:
    assert decode("<p>标题".encode("utf-16-le"), "text/html; charset=utf-16le").text == "<p>标题"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=gbk"])
def test_H50_a_character_cut_at_the_end_is_left_out(encoding: str, header: str) -> None:
    found = decode((TEXT + "末").encode(encoding)[:-1], header)
    assert found == Decoded(TEXT, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("bad", [b"\xff", b"\xe6"])
def test_a_stray_byte_does_not_change_the_encoding(encoding: str, bad: bytes) -> None:
    body = page(TEXT + "<br>").encode(encoding) + bad + page("<br>" + TEXT).encode(encoding)
    found = decode(body)
    assert found.encoding == encoding
    assert found.text.count(TEXT) == 2
    assert is_suspect(found.text)


def test_a_few_words_of_gbk_that_happen_to_be_valid_utf_8() -> None:
    assert decode("联通".encode("gbk"), "text/html; charset=gbk").text == "联通"


def test_ascii_and_nothing() -> None:
    assert decode(b"<p>plain</p>", "text/html; charset=gbk") == Decoded("<p>plain</p>", "utf-8")
    assert decode(b"") == Decoded("", "utf-8")


def test_bytes_of_no_encoding_still_give_a_text() -> None:
    found = decode(bytes(range(128, 256)) * 20)
    assert isinstance(found.text, str)


@pytest.mark.parametrize(
    "text", ["上海".encode().decode("cp1252", "replace"), "锟斤拷锟斤拷", "a\ufffdb"]
)
def test_H51_garbled_text_is_kept_and_flagged(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")
    assert is_suspect(text)


@pytest.mark.parametrize("text", ["Café, naïve, Müller — “ça va”", "沪指", "Pokémon GO…", "é‚"])
def test_H51_other_languages_are_not_garbled(text: str) -> None:
    assert not is_suspect(text)


def test_valid_utf_8_costs_little_more_than_decoding_it() -> None:
    body = page(TEXT * 300).encode()

    def best(work: Callable[[], object]) -> float:
        return min(timeit.repeat(work, number=5, repeat=7))

    assert best(lambda: decode(body)) < 20 * best(body.decode)
