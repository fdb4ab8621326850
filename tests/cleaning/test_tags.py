"""What a tree builder will meet is counted as the HTML Standard reads it."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.cleaning.tags import formatting_tags, tally

HIDDEN_ENDS = (
    "<div><!--</div>-->",
    "<div><!--></div><!----><div>",
    "<div title='</div>'>",
    '<div a=b"c title="</div>">',
    '<div x"y="></div>">',
    "<div><script></div></script>",
    "<div><script><!--<script></script></div></script>--></script>",
    "<div><textarea></div></textarea>",
    "<div><svg><style><!--</style></svg></div>--></style></svg>",
    "<div><svg><![CDATA[></svg></div>]]></svg>",
    "<div><table></div></table>",
    "<div><marquee></div></marquee>",
    "<div><?</div>",
    "<div></ </div>",
    "<b><div></b>",
    "<span><div></span>",
)


def depth(html: str) -> int:
    """Return how deep the tree is, that the builder makes of it, below the body."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><body>{html}")
    deepest = 0
    for node in tree.css("body *:not(:has(*))"):
        levels, up = 0, node.parent
        while isinstance(up, LexborNode):
            levels, up = levels + 1, up.parent
        deepest = max(deepest, levels)
    return deepest


@pytest.mark.parametrize("unit", HIDDEN_ENDS)
def test_H55_an_end_tag_that_ends_nothing_is_not_counted(unit: str) -> None:
    assert depth(unit * 50) >= 50
    assert tally(unit * 50).deepest >= 50


@pytest.mark.parametrize(
    "unit",
    [
        "<div>甲</div>",
        "<div><p>甲<p>乙</div>",
        "<ul><li>甲<li>乙</ul>",
        "<div title='<div>'></div>",
        "<div><!-- <div> --></div>",
        "<script>'<div><div>'</script>",
        "<DIV>甲</div >",
        "<a href=x>甲<b>乙</b></a>",
        "<table><tr><td>甲<td>乙</table>",
        "<svg><path d='M0'/><path/></svg>",
        "<section><span>甲</section>",
        "<br><img src=x><hr>",
    ],
)
def test_what_ends_is_not_open(unit: str) -> None:
    assert tally(unit * 50).deepest <= 4


def test_H57_attributes_are_counted_as_they_are_parted() -> None:
    names = [f"a{number}" for number in range(1_000)]
    for parted in (" ", "/", '=""', "='>'", "='<p>' ", " = 1 ", "\n\t"):
        html = f"<p {parted.join(names)}>甲"
        count = len(LexborHTMLParser(html).css("p")[0].attributes)
        assert tally(html).attribute_pairs == count**2 == 1_000**2


def test_formatting_without_an_end_is_opened_again_by_every_block() -> None:
    unended = "".join(f"<b a={number}>" for number in range(20))
    html = f"<p>{unended}甲</p>" + "<p>乙" * 30
    assert len(LexborHTMLParser(html).css("b")) == 20 + 20 * 30
    assert tally(html).reopened >= 20 * 30
    assert tally(f"<p>{unended}甲{'</b>' * 20}</p>" + "<p>乙" * 30).reopened < 500


def test_of_those_that_are_alike_three_are_kept() -> None:
    html = "<p>" + "<font size=2>" * 20 + "</p>" + "<p>乙" * 30
    assert len(LexborHTMLParser(html).css("font")) == 20 + 3 * 30
    assert 3 * 30 <= tally(html).reopened <= 3 * 55


def test_formatting_tags_are_those_with_attributes() -> None:
    assert formatting_tags("<b><B a><font\tsize=2><strong/x><br ><i ><span a><img src>") == 4
    assert tally("<select><option>甲<OPTION>乙</select>").options == 2
