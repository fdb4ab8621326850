"""A web server whose every page is one fault: raw bytes on a socket, as faults.md lists them.

The address is ``https://<anything>.fault.test/<fault>``; the table below is the catalogue.
"""

import asyncio
import gzip
import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from time import monotonic
from types import TracebackType

import brotli

ARTICLE = "<html><h1>标题</h1><article>正文一段。</article></html>".encode()
BOMB_SIZE = 64 * 1024 * 1024

Writer = asyncio.StreamWriter
Answer = Callable[[Writer], Awaitable[None]]


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return a response head; the connection closes after the response."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode()


def full(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """Return a whole, honest response."""
    return head(f"Content-Length: {len(body)}", *lines, status=status) + body


def story(name: str) -> bytes:
    """Return the page of an article: no two honest pages are the same."""
    return ARTICLE + f"<!-- {name} -->".encode()


def plain(data: bytes) -> Answer:
    """Answer with these bytes and close."""

    async def answer(writer: Writer) -> None:
        writer.write(data)

    return answer


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Answer with a redirect."""
    return plain(full(b"", f"Location: {location}", status=status))


async def silence(writer: Writer) -> None:
    """Accept and never answer (H03)."""
    await asyncio.sleep(60)


async def drip(writer: Writer) -> None:
    """One byte at a time: never idle, never done (H04)."""
    writer.write(head("Content-Length: 100000"))
    for _ in range(600):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def reset(writer: Writer) -> None:
    """Send half a body, then RST (H07)."""
    writer.write(head("Content-Length: 1000") + b"half")
    await writer.drain()
    writer.transport.abort()


async def endless(writer: Writer) -> None:
    """A body without length that does not end (H08)."""
    writer.write(head())
    while not writer.is_closing():
        writer.write(b"y" * 65536)
        await writer.drain()


def broken_chunks() -> bytes:
    """A chunked body whose last chunk never comes (H06)."""
    return head("Transfer-Encoding: chunked") + b"5\r\nhello\r\nff\r\nshort"


def bomb(compress: Callable[[bytes], bytes], name: str) -> Answer:
    """A small body that inflates past every bound (H10, H11)."""
    return plain(full(compress(b"\0" * BOMB_SIZE), f"Content-Encoding: {name}"))


def faults() -> dict[str, Answer]:
    """Return the catalogue: path -> what the server does."""
    zipped = gzip.compress(story("zipped"))
    return {
        "silent": silence,
        "drip": drip,
        "truncated": plain(head("Content-Length: 5000") + ARTICLE),
        "broken-chunks": plain(broken_chunks()),
        "reset": reset,
        "endless": endless,
        "ten-gigabytes": plain(head("Content-Length: 10737418240") + b"z"),
        "gzip-bomb": bomb(gzip.compress, "gzip"),
        "brotli-bomb": bomb(lambda data: brotli.compress(data, quality=1), "br"),
        "deflate-bomb": bomb(zlib.compress, "deflate"),
        "double-gzip": plain(full(gzip.compress(zipped), "Content-Encoding: gzip, gzip")),
        "zipped": plain(full(zipped, "Content-Encoding: gzip")),
        "chunked": plain(
            head("Transfer-Encoding: chunked", "X-Order: 2", "x-order: 1")
            + b"%x\r\n%b\r\n0\r\n\r\n" % (len(story("chunked")), story("chunked"))
        ),
        "odd-bytes": plain(
            b"HTTP/1.0 200 \xb2\xe2\r\nX-Bytes: \xb2\xe2\r\n\r\n" + story("odd-bytes")
        ),
        "false-gzip": plain(full(story("false"), "Content-Encoding: gzip")),
        "bad-status": plain(b"HTTP/9.9 abc nonsense\r\n\r\n"),
        "huge-header": plain(head("X-Junk: " + "a" * 1_000_000) + ARTICLE),
        "odd-header": plain(full(story("odd"), "Refresh: 0;url=http://127.0.0.1/", "Link: <<<>")),
        "empty": plain(full(b"")),
        "no-content": plain(head(status="204 No Content")),
        "partial": plain(full(ARTICLE, status="206 Partial Content")),
        "not-modified": plain(head(status="304 Not Modified")),
        "missing": plain(full(b"nothing here", status="404 Not Found")),
        "gone": plain(full(b"removed", status="410 Gone")),
        "forbidden": plain(full(b"no", status="403 Forbidden")),
        "broken": plain(full(b"oops", status="500 Internal Server Error")),
        "loop": redirect("/loop"),
        "to-loopback": redirect("https://127.0.0.1/secret"),
        "to-file": redirect("file:///etc/passwd"),
        "to-plain-http": redirect("http://www.fault.test/ok"),
        "to-other-site": redirect("https://www.other.test/ok"),
        "to-login": redirect("https://passport.fault.test/login?next=ok"),
        "to-home": redirect("https://www.fault.test/"),
        "to-article": redirect("https://m.fault.test/ok"),
        "": plain(full(ARTICLE)),
        "long-line": plain(full(b"<p>" + b"a" * 2 * 1024 * 1024)),
        "picture": plain(full(story('<img src="https://www.fault.test/secret.png">'))),
        "cookie": plain(full(story("cookie"), "Set-Cookie: session=1; Domain=fault.test; Path=/")),
        "raises": plain(full(b"<html>raise</html>")),
        "wall": plain(full("<html>正文：请下载客户端</html>".encode())),
        "storm": plain(full(b"", status="503 Service Unavailable")),
        "tomorrow": plain(full(b"", "Retry-After: 86400", status="429 Too Many Requests")),
        "later": plain(full(b"", "Retry-After: 1", status="429 Too Many Requests")),
    }


def article(target: str) -> Answer:
    """Answer with an article of this address."""
    return plain(full(story(target)))


ROBOTS: dict[str, Answer] = {
    "r500": plain(full(b"", status="500 Internal Server Error")),
    "r404": plain(full(b"", status="404 Not Found")),
    "r403": plain(full(b"", status="403 Forbidden")),
    "rhtml": plain(full(b"<!doctype html><html>Disallow: /</html>")),
    "rclosed": plain(full(b"User-agent: *\nDisallow: /\n")),
    "rus": plain(full(b"User-agent: newscrawl\nDisallow: /ok\n\nUser-agent: *\nAllow: /\n")),
    "rodd": plain(full(b"\xef\xbb\xbfUser-agent: *\rDisallow: /secret\r\xb2\xe2" + b"#" * 900_000)),
    "rmoved": redirect("https://rclosed.fault.test/robots.txt"),
    "rsilent": silence,
}


class HostileServer:
    """Serves the catalogue on loopback from a thread.

    seen: requests by ``host/path``. times: when each host was asked, monotonic seconds.
    told: names of the headers that it was sent. A path ``later`` answers 429 the first time
    and with an article afterwards.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.url = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self._faults = faults()
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _handle(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            target = lines[0].split(" ")[1]
            path = target.partition("?")[0].strip("/")
            host = next(ln.split(":")[1].strip() for ln in lines if ln.lower().startswith("host:"))
            self.seen[f"{host}/{path}"] += 1
            self.told.update(line.split(":")[0].lower() for line in lines[1:] if line)
            self.times[host].append(monotonic())
            await self._answer(host, path, target)(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left, which is what several of these faults are for
        finally:
            writer.close()

    def _answer(self, host: str, path: str, target: str) -> Answer:
        if path == "robots.txt":
            return ROBOTS.get(host.split(".")[0], plain(full(b"User-agent: *\nAllow: /\n")))
        if path == "ok" or (path == "later" and self.seen[f"{host}/{path}"] > 1):
            return article(host + target)
        return self._faults.get(path, plain(full(b"unknown", status="404 Not Found")))

    def __enter__(self) -> "HostileServer":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
