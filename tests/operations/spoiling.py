"""A site on a bad day: passes requests on to a replica, and spoils what it answers."""

import re
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

_ARTICLE = re.compile(r"/doc-i\w+\.shtml|/kuaixun/v2/api/article/|/a/\d{16,20}\.html")
WALL = "<html><title>安全验证</title><body><p>您的访问过于频繁，请输入验证码。</p></body></html>"

Spoil = Callable[[bytes], tuple[list[tuple[str, str]], bytes]]
"""Body of an article page -> headers about its length, and what is sent."""


def whole(body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send what there is, and say how much that is."""
    return [("Content-Length", str(len(body)))], body


def wall(_: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send a challenge with status 200 (H71)."""
    return whole(WALL.encode())


def empty(_: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send nothing with status 200 (H15)."""
    return whole(b"")


def short(body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send half of what was announced (H05)."""
    return [("Content-Length", str(len(body)))], body[: len(body) // 2]


def unfinished(body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Begin a chunked body and close early (H06)."""
    half = body[: len(body) // 2]
    return [("Transfer-Encoding", "chunked")], b"%x\r\n%b\r\n" % (len(half), half)


def cut(body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send half a page as if it were whole, as a cache does that kept half of one."""
    return whole(body[: _middle(body)])


def closed(body: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Send half a page without a length and close: no way to tell but by its markup."""
    return [], body[: _middle(body)]


def _middle(body: bytes) -> int:
    """Return a place in the middle of the article's first paragraphs, else of all."""
    ends = [found.end() for found in re.finditer(rb"</p>|\xe3\x80\x82", body)]
    return ends[len(ends) // 2] if len(ends) > 2 else len(body) // 2


class SpoilingSite:
    """Context manager; ``url`` is for ``--via``, ``spoil`` says what happens to articles."""

    def __init__(self, origin: str) -> None:
        self.spoil: Spoil = whole
        self.spoilt = 0
        site, target = self, urlsplit(origin)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                connection = HTTPConnection(target.hostname or "", target.port)
                kept = ("host", "x-forwarded-proto", "referer")
                headers = {n: v for n, v in self.headers.items() if n.lower() in kept}
                connection.request("GET", self.path, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                connection.close()
                is_article = answer.status == 200 and _ARTICLE.search(self.path)
                site.spoilt += bool(is_article)
                lengths, sent = site.spoil(body) if is_article else whole(body)
                self.send_response(answer.status)
                for name in ("Content-Type", "Location"):
                    if value := answer.headers.get(name):
                        self.send_header(name, value)
                for name, value in (*lengths, ("Connection", "close")):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
