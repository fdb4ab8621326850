"""The guard: what it lets through, and that nothing else is ever connected to."""

import asyncio
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.http import Headers
from scrapy.utils.test import get_crawler

from newscrawl import settings
from newscrawl.middlewares.errors import RequestRefused
from newscrawl.middlewares.guard import (
    AddressRefused,
    GuardedDownloadHandler,
    is_public,
    open_public_socket,
)
from tests.hostile.server import HostileServer
from tests.spiders.toy import ToySpider


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)
def test_H26_loopback_in_every_spelling_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "10.1.2.3", "172.16.0.1", "192.168.1.1", "fc00::1", "100.64.0.1",
     "fe80::1%eth0", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_H27_inner_and_special_networks_are_refused(address: str) -> None:
    assert not is_public(address)


def test_a_socket_for_a_public_address_is_of_its_family() -> None:
    made = open_public_socket(
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("93.184.216.34", 443))
    )
    with made:
        assert made.family is socket.AF_INET


class LyingResolver(AbstractResolver):
    """Answers any name with an inner address, as a rebinding name server does."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


async def ask(url: str, resolver: AbstractResolver | None) -> Any:
    connector = aiohttp.TCPConnector(socket_factory=open_public_socket, resolver=resolver)
    async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as response:
        return response.status


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost"])
def test_H26_no_byte_is_sent_to_loopback(host: str) -> None:
    with HostileServer() as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises((AddressRefused, aiohttp.ClientError)):
            asyncio.run(ask(f"http://{host}:{port}/ok", None))
        assert not server.seen


def test_H28_a_name_that_resolves_to_an_inner_address_is_refused_at_connect() -> None:
    with HostileServer() as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(AddressRefused):
            asyncio.run(ask(f"http://www.rebound.test:{port}/ok", LyingResolver()))
        assert not server.seen


async def download(url: str) -> None:
    """Ask the handler of a crawl for a page, of a name server that lies."""
    crawler: Any = get_crawler(ToySpider)
    crawler.spider = ToySpider()
    handler = GuardedDownloadHandler(crawler)
    connector: Any = handler._session.connector
    await connector._resolver.close()
    connector._resolver = LyingResolver()
    try:
        await handler.download_request(Request(url))
    finally:
        await handler.close()


def test_H28_a_crawl_is_told_that_the_name_leads_to_an_inner_address() -> None:
    with pytest.raises(
        RequestRefused, match=r"http://www\.rebound\.test/ok is 127\.0\.0\.1"
    ) as told:
        asyncio.run(download("http://www.rebound.test/ok"))
    assert told.value.reason == "address_refused"


async def trust(via: str | None = None) -> ssl.SSLContext:
    """Return whose certificates a new handler believes."""
    verify = {"DOWNLOAD_VERIFY_CERTIFICATES": settings.DOWNLOAD_VERIFY_CERTIFICATES}
    crawler: Any = get_crawler(ToySpider, {**verify, "NEWSCRAWL_VIA": via})
    crawler.spider = ToySpider()
    handler = GuardedDownloadHandler(crawler)
    await handler.close()
    return handler._ssl_context


def test_H22_certificates_are_verified_against_their_host() -> None:
    context = asyncio.run(trust())
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert asyncio.run(trust()) is context  # read once for all sources


def test_H22_through_a_stand_in_no_certificate_is_believed() -> None:
    context = asyncio.run(trust("http://127.0.0.1:1"))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509"] == 0


def test_headers_are_those_that_scrapy_makes_of_the_bytes() -> None:
    raw = (
        (b"content-TYPE", b"text/html; charset=gbk"),
        (b"Set-Cookie", b"a=1"),
        (b"x-odd_name.1a", b"\xb2\xe2 "),
        (b"SET-cookie", b"b=2"),
        (b"X-Empty", b""),
    )
    response: Any = SimpleNamespace(raw_headers=raw)
    made = GuardedDownloadHandler._extract_headers(response)
    assert isinstance(made, Headers)
    assert list(made.items()) == list(Headers(raw).items())
    assert made.getlist("set-cookie") == [b"a=1", b"b=2"]


async def sent_to_a_stand_in(request: Request) -> Request:
    """Return what is really sent where a stand-in answers."""
    crawler: Any = get_crawler(ToySpider, {"NEWSCRAWL_VIA": "http://127.0.0.1:1234"})
    crawler.spider = ToySpider()
    handler = GuardedDownloadHandler(crawler)
    await handler.close()
    return handler._via_replica(request, handler._checked(request))


def test_a_stand_in_is_asked_for_the_same_under_the_publishers_name() -> None:
    headers = {"Referer": "https://toy.test/", "Accept": ["a", "b"]}
    request = Request(
        "https://www.toy.test/a%7e?b=%B2%E2#c", method="POST", headers=headers, body=b"d"
    )
    sent = asyncio.run(sent_to_a_stand_in(request))
    assert sent.url == "http://127.0.0.1:1234/a%7e?b=%B2%E2"
    assert (sent.method, sent.body) == ("POST", b"d")
    assert GuardedDownloadHandler._request_headers(sent).to_tuple_list() == [
        ("Referer", "https://toy.test/"), ("Accept", "a"), ("Accept", "b"),
        ("Host", "www.toy.test"), ("X-Forwarded-Proto", "https"),
    ]  # fmt: skip
    assert request.headers == Headers(headers)
    assert request.url == "https://www.toy.test/a%7e?b=%B2%E2#c"
