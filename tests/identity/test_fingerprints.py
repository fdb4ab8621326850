"""Fingerprints: near for an edited copy, far for another text, the same everywhere."""

import random
import re
from hashlib import blake2b
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.identity.fingerprints import LEAST, MOST, RADIUS, distance, fingerprint
from newscrawl.replica.text import Dice, sentence

CHARACTERS = [chr(0x4E00 + number) for number in range(3_000)]
DAILY = (
    "甲银行公告称，为保持各家机构资金充裕，{}月{}日以利率招标方式开展了{}亿元回购操作，期限为七天，中标利率为"
    "百分之二点二。数据显示，当日有{}亿元回购到期，因此当日净投放{}亿元，全口径余额为{}亿元，隔夜利率报{}%，"
    "一周利率报{}%，各家机构资金面整体平稳。"
)
"""What a report on the same table of every day fills in."""
seeds = st.integers(min_value=0, max_value=2**32)


def news(seed: int, least: int = 600) -> str:
    """Return invented news of at least so many characters, drawn from a seed."""
    dice, text = Dice("fingerprints", seed), ""
    while len(text) < least:
        text += sentence(dice)
    return text


def edited(text: str, share: float, chance: random.Random) -> str:
    """Return a text with a share of its characters replaced, left out, or put in besides."""
    characters = list(text)
    for _ in range(round(len(text) * share)):
        place = chance.randrange(len(characters))
        other = chance.choice(CHARACTERS)
        characters[place] = chance.choice(["", other, characters[place] + other])
    return "".join(characters)


def of(text: str) -> int:
    """Return the fingerprint of a text that is long enough."""
    value = fingerprint(text)
    assert value is not None
    return value


def one_vote_after_another(letters: str) -> int:
    """Return the same fingerprint, made as slowly as it is explained."""
    cast = set()
    for run in zip(letters, letters[1:], letters[2:], strict=False):
        vote = 0
        for char, place in zip(run, (b"first", b"second", b"third"), strict=True):
            salted = blake2b(ord(char).to_bytes(4, "big"), digest_size=8, salt=place)
            vote ^= int.from_bytes(salted.digest(), "big")
        cast.add(vote)
    votes = [*cast]
    for number in set(re.findall("[0-9]+", letters)):
        figures = blake2b(number.encode(), digest_size=64).digest()
        votes += [int.from_bytes(figures[start : start + 8], "big") for start in range(0, 64, 8)]
    ones = [sum(vote >> bit & 1 for vote in votes) for bit in range(64)]
    return sum(1 << bit for bit in range(64) if ones[bit] * 2 > len(votes))


@settings(deadline=None, max_examples=40)
@given(st.text("甲乙丙丁abc0123456789一二三", min_size=LEAST, max_size=400))
def test_it_is_what_most_votes_say(letters: str) -> None:
    assert of(letters) == one_vote_after_another(letters)


def test_it_is_the_same_on_every_machine_and_version() -> None:
    """Archives keep it: whoever changes one of these numbers writes a migration."""
    assert of("远山银行公告，年内投入37亿元。" * 10) == 0x06298E6A8DD051BD
    assert of("The quick brown fox jumps over the lazy dog. " * 4) == 0x93CCD18769C3C405


def test_a_copy_with_a_few_edits_is_near() -> None:
    """Nearly every one: an edit may part a number, and each number has several votes."""
    texts = [(news(seed), random.Random(seed)) for seed in range(200)]
    apart = [distance(of(text), of(edited(text, 0.005, chance))) for text, chance in texts]
    assert sum(each <= RADIUS + 4 for each in apart) >= 198


def test_how_far_edits_lead() -> None:
    """The median of many, as stack and module say; a property of one text would be chance."""
    chance = random.Random(1)
    medians = []
    for share in (0.01, 0.03, 0.10):
        texts = [news(seed) for seed in range(60)]
        apart = sorted(distance(of(text), of(edited(text, share, chance))) for text in texts)
        medians.append(apart[len(apart) // 2])
    assert medians[0] <= 6 < RADIUS < medians[2]
    assert medians == sorted(medians)


@settings(deadline=None)
@given(seeds, seeds)
def test_other_characters_are_far_away(seed: int, other: int) -> None:
    texts = [random.Random(each).choices(CHARACTERS, k=400) for each in (seed, seed + other + 1)]
    assert distance(*(of("".join(text)) for text in texts)) > RADIUS


def test_news_of_the_same_words_is_far_away() -> None:
    """The replica has a few hundred phrases for all of its articles; the press has more."""
    made = [of(news(seed)) for seed in range(300)]
    assert min(distance(one, other) for one, other in combinations(made, 2)) > RADIUS


def test_reports_on_the_same_table_of_two_days_are_no_reprints() -> None:
    """But one pair in ten thousand; without the votes of their figures it is one in a thousand."""
    chance = random.Random(1)
    days = [of(DAILY.format(*chance.sample(range(10, 99), 8))) for _ in range(200)]
    near = [distance(one, other) <= RADIUS for one, other in combinations(days, 2)]
    assert sum(near) * 10_000 <= len(near)


@settings(deadline=None)
@given(seeds, st.data())
def test_spaces_punctuation_width_and_case_count_for_nothing(
    seed: int, data: st.DataObject
) -> None:
    text = news(seed, 200) + "ChatGPT 3.5 ＡＢＣ"
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    other = text
    for place in places:
        other = (
            other[:place]
            + data.draw(st.sampled_from([" ", "\n", "，", "——", "“", "\u3000", "_"]))
            + other[place:]
        )
    wide = re.sub("[!-~]", lambda each: chr(ord(each[0]) + 0xFEE0), other)
    digits_apart = re.search(r"\d\W+\d", other)
    assert of(other.swapcase()) == of(other) == of(wide)
    if digits_apart is None:
        assert of(other) == of(text)


@settings(deadline=None)
@given(st.text(max_size=300))
@example("\ud800" * LEAST)
@example("🚀" * 300)
@example("0" * LEAST)
def test_any_text_has_one_or_is_too_short(text: str) -> None:
    value = fingerprint(text)
    assert value is None or 0 <= value < 2**64


def test_H56_a_text_without_end_is_looked_at_up_to_a_point() -> None:
    text = "".join(random.Random(1).choices(CHARACTERS, k=MOST))
    assert of(text + "\ufdfa" * 1_000_000) == of(text)


def test_a_text_too_short_to_say_anything_has_none() -> None:
    assert fingerprint("") is None
    assert fingerprint("字" * (LEAST - 1) + "。！ \n" * 50) is None
    assert fingerprint("字" * LEAST) is not None
