"""What is a picture, by its bytes; what only claims to be one."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, features

from newscrawl.cleaning.pictures import NoPicture, check_picture
from newscrawl.replica import pictures as replica
from newscrawl.replica.standin import Request


def drawn(kind: str, width: int = 20, height: int = 10) -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(file, kind)
    return file.getvalue()


def trap(name: str) -> bytes:
    """Return what a trap of the replica serves."""
    asked = Request("https", "img.example.com", "/a.jpg")
    return replica._TRAPS[name](asked).body


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")],
)
def test_a_real_picture_is_told_by_its_bytes(kind: str, suffix: str) -> None:
    if suffix in {"webp", "avif"} and not features.check(suffix):
        pytest.skip(f"this build of Pillow has no {kind}")
    content = drawn(kind)
    found = check_picture(content)
    assert (found.type, found.width, found.height, found.size) == (suffix, 20, 10, len(content))
    assert found.content_hash == sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_picture"),
        (trap("page"), "not_a_picture"),
        (trap("drawing"), "not_a_picture"),
        (b"BM" + bytes(60), "not_a_picture"),
        (trap("cut"), "broken_picture"),
        (drawn("PNG")[:-30], "broken_picture"),
    ],
    ids=["nothing", "HTML", "SVG", "BMP", "half a JPEG", "half a PNG"],
)
def test_what_is_no_picture_is_refused_whatever_it_claims(content: bytes, reason: str) -> None:
    with pytest.raises(NoPicture, match=reason):
        check_picture(content)


def test_H10_a_bomb_is_refused_by_its_head_before_it_is_decoded() -> None:
    content = trap("huge")
    assert len(content) < 1000
    with pytest.raises(NoPicture, match="too_many_points"):
        check_picture(content)


def test_H10_so_is_one_that_pillow_would_only_warn_of() -> None:
    with pytest.raises(NoPicture, match="too_many_points"):
        check_picture(drawn("GIF", 9_000, 5_000))


@pytest.mark.parametrize("size", [(1, 1), (1, 200), (600, 1)])
def test_H99_a_tracker_is_no_picture(size: tuple[int, int]) -> None:
    with pytest.raises(NoPicture, match="tracker"):
        check_picture(drawn("GIF", *size))
