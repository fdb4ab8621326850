"""Invented news, drawn from a seed: the same key gives the same words, on any machine.

Nothing here is taken from a publisher. Companies, media and people do not exist.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from newscrawl.replica.vocabulary import (
    COMPANIES,
    HAZARDS,
    MARKUP_HAZARDS,
    MEDIA,
    PEOPLE,
    SENTENCES,
    TABLES,
    TITLES,
    Company,
)

T = TypeVar("T")
_POOL_LOW = 1 << 64
"""A pool of chance below this is drawn anew; far above any bound, so that choices are even."""


class Dice:
    """A stream of choices that depends on its key alone."""

    def __init__(self, *key: object) -> None:
        self._key = "\x1f".join(map(str, key)).encode()
        self._pool = 0
        self._round = 0

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound`` - 1."""
        if self._pool < _POOL_LOW:
            digest = hashlib.blake2b(self._key, salt=self._round.to_bytes(16, "big"))
            self._pool = int.from_bytes(digest.digest(), "big")
            self._round += 1
        self._pool, drawn = divmod(self._pool, bound)
        return drawn

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of ``choices``."""
        return choices[self.below(len(choices))]


class _Slots:
    """Fills the names of a pattern as ``str.format_map`` asks for them."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def __getitem__(self, name: str) -> str:
        if name == "n":
            return str(self._dice.below(89) + 1)
        if name == "d":
            return str(self._dice.below(10))
        return self._dice.pick(TABLES[name])


def sentence(dice: Dice) -> str:
    """Return one sentence, ended by ``。`` or ``。”``."""
    return dice.pick(SENTENCES).format_map(_Slots(dice))


class Story:
    """What one article says, whatever page or record shows it.

    number: its place in its source's sequence. version: how often it was corrected; a
    correction changes title and text and leaves all else. markup: it may hold characters
    that only an HTML page can show without doubt.
    """

    def __init__(self, seed: str, source: str, number: int, version: int, *, markup: bool) -> None:
        self._key = (seed, source, number)
        self.number = number
        self.version = version
        self._hazards = HAZARDS + MARKUP_HAZARDS if markup else HAZARDS

    def dice(self, purpose: str) -> Dice:
        """Return choices of this article for one purpose, independent of all others."""
        return Dice(*self._key, purpose)

    @cached_property
    def title(self) -> str:
        """One line; every ninth holds something that a generator could trip over."""
        dice = self.dice("title")
        title = dice.pick(TITLES).format_map(_Slots(dice))
        if self.number % 9 == 4:
            title = f"{self._hazards[self.number // 9 % len(self._hazards)]}：{title}"
        return f"{title}（第{self.version}次更正）" if self.version else title

    @cached_property
    def original_title(self) -> str:
        """The title it had where it first ran."""
        dice = self.dice("original")
        return dice.pick(TITLES).format_map(_Slots(dice))

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """Two to seven paragraphs of running text."""
        dice = self.dice("text")
        texts = [self._paragraph(dice) for _ in range(2 + dice.below(6))]
        if self.number % 7 == 3:
            texts.insert(1, f"{self._hazards[self.number // 7 % len(self._hazards)]}。")
        if self.version:
            texts[1] = self._paragraph(self.dice(f"text{self.version}"))
            texts.append(f"更正：本文第{self.version}次修订，以此为准。")
        return tuple(texts)

    @staticmethod
    def _paragraph(dice: Dice) -> str:
        return "".join(sentence(dice) for _ in range(1 + dice.below(4)))

    @cached_property
    def flash(self) -> str:
        """The text of a flash: one or two sentences, the first shorter than a title's limit."""
        dice = self.dice("flash")
        amended = f"更正第{self.version}次。" if self.version else ""
        return f"{dice.pick(TABLES['who'])}{dice.pick(TABLES['say'])}。{amended}{sentence(dice)}"

    @cached_property
    def company(self) -> Company:
        """The company it is about."""
        return self.dice("company").pick(COMPANIES)

    @cached_property
    def media(self) -> str:
        """The outlet that is said to have written it."""
        return self.dice("media").pick(MEDIA)

    @cached_property
    def author(self) -> str:
        """Its author's name."""
        return self.dice("author").pick(PEOPLE)

    @cached_property
    def editor(self) -> str:
        """Its editor's name."""
        return self.dice("editor").pick(PEOPLE)

    @cached_property
    def keywords(self) -> tuple[str, str, str]:
        """Three words of the subject."""
        dice = self.dice("keywords")
        return (self.company.name, dice.pick(TABLES["what"]), dice.pick(TABLES["place"]))

    @cached_property
    def summary(self) -> str:
        """A lead of one sentence."""
        return sentence(self.dice("summary"))
