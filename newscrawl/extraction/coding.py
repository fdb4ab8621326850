"""Content codings (RFC 9110, section 8.4): a body as it was sent into the page that it holds.

The crawl leaves this to Scrapy; a page from the raw record is decoded here, by the same
libraries, with the same patience (what a broken stream gave before it broke is taken) and the
same bound.
"""

import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from gzip import GzipFile
from io import BytesIO

import brotli

from newscrawl.outcomes import Failed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 65_536
"""Bytes that are inflated before the bound is looked at again."""


def decode_body(
    body: bytes, codings: Iterable[str], *, max_size: int
) -> tuple[bytes, tuple[str, ...]]:
    """Return a body without its codings, and those that are unknown and stay on.

    codings: values of ``Content-Encoding`` in their order. max_size: bytes that the body may
    have at any step. Raises ``Failed``: ``too_large`` past the bound (H10 to H12), ``coding``
    for what is not in its coding at all (H13).
    """
    left = [name.strip().lower() for value in codings for name in value.split(",")]
    while left and (decoder := _DECODERS.get(left[-1])):
        try:
            body = _bounded(decoder(body), max_size)
        except (OSError, EOFError, struct.error, zlib.error, *_ERRORS) as error:
            raise Failed("coding", f"not {left[-1]}: {error}") from error
        left.pop()
    return body, tuple(left)


def _bounded(chunks: Iterable[bytes], max_size: int) -> bytes:
    whole = BytesIO()
    for chunk in chunks:
        whole.write(chunk)
        if whole.tell() > max_size:
            raise Failed("too_large", f"more than {max_size} bytes inflated")
    return whole.getvalue()


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Inflate gzip; a wrong checksum or end takes nothing from what came before it."""
    file, some = GzipFile(fileobj=BytesIO(body)), False
    try:
        while chunk := file.read1(_CHUNK):
            some = True
            yield chunk
    except (OSError, EOFError, struct.error):
        if not some:
            raise


def _inflate(body: bytes) -> Iterator[bytes]:
    """Inflate zlib data, or the bare deflate data that some servers send instead."""
    stream = zlib.decompressobj()
    try:
        chunk = stream.decompress(body, _CHUNK)
    except zlib.error:
        stream = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        chunk = stream.decompress(body, _CHUNK)
    yield chunk
    while stream.unconsumed_tail and not stream.eof:
        yield stream.decompress(stream.unconsumed_tail, _CHUNK)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    chunk = stream.process(body, output_buffer_limit=_CHUNK)
    while chunk:
        yield chunk
        if stream.is_finished():
            return
        chunk = stream.process(b"", output_buffer_limit=_CHUNK)


def _unzstd(body: bytes) -> Iterator[bytes]:
    file = zstd.ZstdFile(BytesIO(body))
    try:
        while chunk := file.read(_CHUNK):
            yield chunk
    except EOFError:
        return


_ERRORS = (brotli.error, zstd.ZstdError)
_DECODERS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
