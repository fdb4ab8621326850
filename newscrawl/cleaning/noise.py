"""What a source puts into its bodies besides the article, written down as data."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise rules of one source; every rule may be empty.

    drop: CSS selectors; the element goes with its content.
    unwrap: CSS selectors; the element goes, its content stays (parts of a table cannot
    be unwrapped one by one: unwrap the table).
    drop_images: regexes searched in the absolute URL of an image (quote charts, QR codes).
    drop_text: regexes fullmatched against each line of the text, white space folded; a
    line is what stands between block boundaries or ``<br>``, so mostly one paragraph.
    It goes with its mark-up, and its block with it where nothing else is left.
    drop_edges: the same, but only for the lines at the beginning and the end of the body.
    original_image: (regex, replacement) that turn the address of a resized or proxied
    image into that of the publisher's original.
    captions: CSS selectors of caption elements besides ``figcaption``: their text is the
    ``Image.caption`` of the picture before (or after) them, and stays in the body.
    """

    drop: tuple[str, ...] = ()
    unwrap: tuple[str, ...] = ()
    drop_images: tuple[str, ...] = ()
    drop_text: tuple[str, ...] = ()
    drop_edges: tuple[str, ...] = ()
    original_image: tuple[tuple[str, str], ...] = ()
    captions: tuple[str, ...] = ()

    def merged(self, other: "Noise") -> "Noise":
        """Return the rules of both, ours first."""
        return Noise(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )
