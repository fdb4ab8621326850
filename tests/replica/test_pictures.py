"""The stand-ins' pictures: real, shown to the publisher's own pages, with traps among them."""

from collections import Counter
from io import BytesIO

import pytest
from PIL import Image

from newscrawl.replica.pictures import HEIGHT, WIDTH, picture, trap_of
from newscrawl.replica.standin import Request

OWN = ("eastmoney.com", "dfcfw.com")
HONEST = next(path for path in map("/download/D{}.jpg".format, range(99)) if not trap_of(path))


def asked(path: str, referer: str = "") -> Request:
    return Request("https", "np-newspic.dfcfw.com", path, {}, referer)


def test_an_honest_picture_is_real_and_has_its_own_colour() -> None:
    replies = [picture(asked(path), OWN, strict=False) for path in (HONEST, f"{HONEST}.png")]
    for reply, kind in zip(replies, ("JPEG", "PNG"), strict=True):
        with Image.open(BytesIO(reply.body)) as image:
            assert (image.format, image.size) == (kind, (WIDTH, HEIGHT))
    assert replies[0].body != picture(asked("/another.jpg"), OWN, strict=False).body


@pytest.mark.parametrize(
    ("referer", "strict", "status"),
    [
        ("https://finance.eastmoney.com/a/1.html", True, 200),
        ("https://finance.eastmoney.com/a/1.html", False, 200),
        ("", False, 200),
        ("", True, 403),
        ("https://news.example.com/", False, 403),
        ("https://eastmoney.com.example.com/", True, 403),
    ],
)
def test_hot_linking_is_refused(referer: str, strict: bool, status: int) -> None:
    assert picture(asked(HONEST, referer), OWN, strict=strict).status == status


def test_traps_are_few_and_always_the_same() -> None:
    kinds = Counter(trap_of(f"/download/{number}.jpg") for number in range(2000))
    assert len(kinds) == 8
    assert 0.6 < kinds[""] / 2000 < 0.8
    assert all(40 < kinds[name] < 140 for name in kinds if name)
