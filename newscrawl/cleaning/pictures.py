"""Whether bytes are a picture that may stand in a post: told by their content alone."""

import hashlib
import warnings
from collections.abc import Mapping
from functools import cache
from io import BytesIO

from newscrawl.items import Picture

MAX_POINTS = 40_000_000
"""Width times height; decoded, four bytes each. A poster or a long chart has a tenth of it."""
MIN_SIDE = 2
"""Points; what is thinner is a tracker or a spacer, and nothing to look at (H99)."""

_TYPES: Mapping[str, str] = {
    "JPEG": "jpg",
    "MPO": "jpg",  # what several cameras write: a JPEG with a second one behind it
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
}
"""Formats that every browser shows and none runs, as Pillow calls them -> file suffix."""
_OPTIONAL = {"WEBP": "webp", "AVIF": "avif"}
"""Formats that a build of Pillow may lack -> what it calls their decoder."""


class NoPicture(ValueError):  # noqa: N818  (says what it is)
    """These bytes are no picture of ours.

    reason: ``not_a_picture`` (another type, whatever its name says; SVG and HTML too),
    ``broken_picture``, ``too_many_points`` or ``tracker``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_picture(content: bytes) -> Picture:
    """Return what a picture's bytes say of it; raise ``NoPicture``.

    The size is read from its head and bounded before anything is decoded (H10); then it is
    decoded once, since half a picture shows as one to nobody but its reader.
    """
    # Only here: most crawls leave the pictures where they are.
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which nobody here reads
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decoded(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture("too_many_points") from error
    except UnidentifiedImageError as error:
        raise NoPicture("not_a_picture") from error
    except NoPicture:
        raise
    except Exception as error:  # boundary: whatever decoders raise on hostile bytes
        raise NoPicture("broken_picture") from error


@cache
def _formats() -> tuple[str, ...]:
    from PIL import features

    return tuple(
        name
        for name in _TYPES
        if name != "MPO"  # opened as the JPEG that it begins as
        and (name not in _OPTIONAL or features.check(_OPTIONAL[name]))
    )


def _decoded(content: bytes) -> Picture:
    from PIL import Image

    with Image.open(BytesIO(content), formats=_formats()) as image:
        width, height = image.size
        if min(width, height) < MIN_SIDE:
            raise NoPicture("tracker")
        if width * height > MAX_POINTS:
            raise NoPicture("too_many_points")
        image.draft(None, (width // 8, height // 8))  # an eighth is as whole as all of a JPEG
        image.load()
        kind = _TYPES[image.format or ""]
    digest = hashlib.sha256(content).hexdigest()
    return Picture(digest, kind, width, height, len(content))
