"""The invented news: even choices, hazards at their places, corrections."""

from collections import Counter

from newscrawl.replica.text import Dice, Story
from newscrawl.replica.vocabulary import HAZARDS, MARKUP_HAZARDS


def test_dice_depend_on_their_key_alone() -> None:
    assert [Dice("a", 1).below(1000)] * 2 == [Dice("a", 1).below(1000) for _ in range(2)]
    assert Dice("a", 1).below(10**6) != Dice("a", 2).below(10**6)


def test_dice_are_even() -> None:
    dice = Dice("even")
    counts = Counter(dice.below(6) for _ in range(6000))

    assert all(850 < counts[face] < 1150 for face in range(6))


def test_titles_and_texts_hold_what_breaks_site_generators() -> None:
    stories = [Story("s", "source", number, 0, markup=True) for number in range(300)]
    titles = "\n".join(story.title for story in stories)
    texts = "\n".join(paragraph for story in stories for paragraph in story.paragraphs)

    for hazard in HAZARDS + MARKUP_HAZARDS:
        assert hazard in titles
        assert hazard in texts


def test_a_record_holds_no_characters_that_only_a_page_can_escape() -> None:
    stories = [Story("s", "source", number, 0, markup=False) for number in range(300)]

    assert not any(hazard in story.title for story in stories for hazard in MARKUP_HAZARDS)


def test_a_correction_keeps_the_outlet_and_changes_the_words() -> None:
    before, after = (Story("s", "source", 3, version, markup=True) for version in (0, 2))

    assert (before.media, before.company) == (after.media, after.company)
    assert before.title != after.title
    assert before.paragraphs[0] == after.paragraphs[0]
    assert after.paragraphs[-1] == "更正：本文第2次修订，以此为准。"
