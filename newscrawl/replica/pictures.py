"""Pictures of the publishers: small real ones, hot-link protection, and traps among them.

Which trap a picture is depends on its path alone.
"""
# ruff: noqa: ARG001  (a trap need not look at what is asked)

import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from functools import cache
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image

from newscrawl.replica.standin import Reply, Request, missing
from newscrawl.replica.text import Dice

WIDTH, HEIGHT = 64, 48
ONE_IN = 24
"""Of so many pictures each trap is one, on average."""
HUGE = 60_000
"""Points on each side of the huge one: 14 GB decoded, from a few hundred bytes."""
INNER = "https://127.0.0.1/inner.jpg"
_JPEG_NAMES = (".jpg", ".jpeg")


def picture(request: Request, own: Collection[str], *, strict: bool) -> Reply:
    """Return what a picture host answers.

    own: domains whose pages may show its pictures. Others get a 403, and where it is
    ``strict`` so do requests that name no page at all.
    """
    if not _may_show(request.referer, own, strict=strict):
        return Reply(b"hot-linking is not allowed\n", "text/plain", status=403, kind="hotlink")
    return _TRAPS.get(trap_of(request.path), _real)(request)


def trap_of(path: str) -> str:
    """Return the name of the trap behind a path, "" for an honest picture."""
    names = tuple(_TRAPS)
    place = Dice("picture trap", path).below(ONE_IN)
    return names[place] if place < len(names) else ""


def image(path: str) -> tuple[bytes, str]:
    """Return a real picture for a path, in a colour of its own, and its content type."""
    jpeg = path.lower().endswith(_JPEG_NAMES)
    dice = Dice("picture", path)
    colour = tuple(dice.below(256) for _ in range(3))
    return _drawn("JPEG" if jpeg else "PNG", WIDTH, HEIGHT, colour), _type_of(path)


@cache
def _drawn(kind: str, width: int, height: int, colour: tuple[int, ...]) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


def _type_of(path: str) -> str:
    return "image/jpeg" if path.lower().endswith(_JPEG_NAMES) else "image/png"


def _may_show(referer: str, own: Collection[str], *, strict: bool) -> bool:
    if not referer:
        return not strict
    host = urlsplit(referer).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in own)


def _real(request: Request) -> Reply:
    body, content_type = image(request.path)
    return Reply(body, content_type, kind="image")


def _inner(request: Request) -> Reply:
    return Reply(b"", _type_of(request.path), status=302, kind="trap", location=INNER)


def _page(request: Request) -> Reply:
    body = "<!DOCTYPE html><html><body><h1>图片已失效</h1></body></html>".encode()
    return Reply(body, _type_of(request.path), kind="trap")


def _drawing(request: Request) -> Reply:
    body = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return Reply(body, _type_of(request.path), kind="trap")


def _huge(request: Request) -> Reply:
    return Reply(_huge_png(), _type_of(request.path), kind="trap")


@cache
def _huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", HUGE, HUGE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(HUGE * 3 + 1))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _tracker(request: Request) -> Reply:
    return Reply(_drawn("GIF", 1, 1, (255, 255, 255)), "image/gif", kind="trap")


def _cut(request: Request) -> Reply:
    body, content_type = image(request.path)
    return Reply(body[: len(body) // 2], content_type, kind="trap")


def _gone(request: Request) -> Reply:
    return missing()


_TRAPS: Mapping[str, Callable[[Request], Reply]] = {
    "inner": _inner,
    "page": _page,
    "drawing": _drawing,
    "huge": _huge,
    "tracker": _tracker,
    "cut": _cut,
    "gone": _gone,
}
