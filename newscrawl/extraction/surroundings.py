"""What stands around and between the text of an article on a site without rules.

Class names are guesses here, so none of them may take away a part of the text: an element
that holds much of the prose stays whatever it is called.
"""

import re
from collections import Counter
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.selecting import select
from newscrawl.cleaning.text import folded
from newscrawl.extraction.byline import CREDIT_LINES
from newscrawl.extraction.density import Body, Line, Scan, closes, same_words, upwards

PROMOTION = Noise(
    drop_text=(
        r"[^。]{0,30}(?:扫描|扫一扫|扫码|长按)[^。]{0,20}(?:二维码|关注|下载|识别|查看|微信|公众号)[^。]{0,30}",
        r"[^。]{0,20}(?:点击|关注|下载|打开)[^。]{0,12}(?:公众号|客户端|APP|App|app|查看全文|阅读原文)[^。]{0,30}",
        r".{0,6}(?:更多精彩|海量资讯|版权声明|免责声明|特别声明|郑重声明).{0,200}",
        r"[（(【\[※*\s]{0,3}(?:版权|本文|本站|本网|转载|如需|未经|凡|图片来源|文章|以上内容).{0,60}"
        r"(?:未经.{0,8}(?:授权|许可)|违者必究|请注明|转载必究|侵删|联系删除|不代表本|信息存储服务).{0,100}",
        r"(?:查看原图|查看大图|点击放大|广告|Advertisement|返回顶部|本文图片).{0,12}",
    ),
    drop_edges=(
        *CREDIT_LINES,
        r"(?:分享到?|字号|字体|打印|收藏|评论|举报|[+＋]?\s?关注|图集|微信|微博|[大中小]|A[-+]?"
        r"|[\s\d:：|/+]){1,12}",
        r"[【\[]纠错[】\]].{0,40}",
        r"[（(【\[]?\s?(?:(?:本文|文章)?来源|稿源|出处|责任编辑|责编|编辑|作者|原标题)\s?[:：|｜丨/].{0,60}",
        r".{0,40}未经.{0,8}(?:授权|许可).{0,60}",
        r"[（(]?(?:完|END|end|全文完)[）)]?",
    ),
)
"""Promotion, notices and credits as they read on any site."""

_CLASSES = (
    "share Share qrcode QRcode recommend Recommend related relate- copyright disclaimer statement "
    "toolbar comment advert video player"
)
_SUSPECTS = ", ".join(
    [
        "ins, nav, footer, [id*=qrcode], [id^=ad_], [class^=ad-], [class^=ad_]",
        "iframe:not([src*=player]):not([src*=video])",
        *(f"[class*={name}]" for name in _CLASSES.split()),
    ]
)
"""Elements that mostly are no part of an article."""

DAY_PATTERN = (
    r"(?P<y>(?:19|20)\d\d)\s?[-/.年]?\s{0,2}(?P<m>\d{1,2})\s{0,2}[-/.月]\s{0,2}(?P<d>\d{1,2})"
    r"(?:日|(?!\d))"
)
"""A full date as pages show it, in one element or in several."""
DAY = re.compile(DAY_PATTERN)
SOURCE = re.compile(r"(?:来\s?源|出处|稿源|來源)(?:于|\s?[:：])\s?([^\s:：|（(]{2,30})")
"""The outlet where a line names it as such."""
_MOST_PROSE = 0.2
"""Share of the prose above which an element is text and no promotion."""
_MOST_LINKED = 0.7
_MOST_AFTER_END = 0.25


def trim(found: Scan, title: str) -> None:
    """Remove from the tree what stands in the body of a page and is none of the article.

    That is: headline, time and source above the text, lines of links in it, everything
    from a closing line on (``density.closes``) if little prose follows, and elements whose
    class says promotion. Does nothing where the page has no body.
    """
    if (body := found.body) is None:
        return
    lines = found.lines[body.first : body.end]
    prose = _prose_by_element(lines, body)
    total = prose[body.node.mem_id]
    end = _end(lines, total)
    if end < len(lines):
        _cut_from(lines[end].block, body.node)
    for node in select(_SUSPECTS, body.node):
        if node.mem_id != body.node.mem_id and prose[node.mem_id] <= _MOST_PROSE * total:
            node.decompose()
    start = next((number for number, line in enumerate(lines) if line.prose), 0)
    headline = -1 if found.title is None else found.title - body.first
    unwanted = [
        not line.prose and (number <= headline or _is_clutter(line, number < start, title))
        for number, line in enumerate(lines[:end])
    ]
    _drop_lines(lines, unwanted, prose, body.node)


def _prose_by_element(lines: Sequence[Line], body: Body) -> Counter[int]:
    """Return how many characters of prose every element of the body holds, by ``mem_id``."""
    prose: Counter[int] = Counter()
    top = body.node.mem_id
    for line in lines:
        for element in upwards(line.block) if line.prose else ():
            prose[element.mem_id] += len(line.text)
            if element.mem_id == top:
                break
    return prose


def _is_clutter(line: Line, above: bool, title: str) -> bool:
    """Whether a line without prose is none of the article; above: it stands before the text."""
    if line.linked > _MOST_LINKED * len(line.text):
        return True
    return above and (
        same_words(line.text) == same_words(title)
        or DAY.search(line.text) is not None
        or SOURCE.search(line.text) is not None
    )


def _drop_lines(
    lines: Sequence[Line], unwanted: Sequence[bool], prose: Counter[int], top: LexborNode
) -> None:
    """Remove the blocks that hold unwanted lines only, and unwanted links between the others."""
    pairs = list(zip(lines, unwanted, strict=False))
    kept = {line.block.mem_id for line, drop in pairs if not drop} | {top.mem_id}
    loose = set()
    for line, drop in pairs:
        if drop and line.block.mem_id not in kept and not prose[line.block.mem_id]:
            line.block.decompose()
        elif drop and line.linked:
            loose.add(line.text)
    for link in select("a", top) if loose else ():
        if folded(link.text()) in loose:
            link.decompose()


def _end(lines: Sequence[Line], total: int) -> int:
    """Return the number of the line that closes the article, with little prose after it."""
    after = total
    for number, line in enumerate(lines):
        if line.prose:
            after -= len(line.text)
        elif after <= _MOST_AFTER_END * total and closes(line.text):
            return number
    return len(lines)


def _cut_from(node: LexborNode, top: LexborNode) -> None:
    """Remove ``node`` and all that follows it inside ``top``."""
    if node.mem_id == top.mem_id:
        return
    first = node
    while node.mem_id != top.mem_id and (parent := node.parent) is not None:
        while (following := node.next) is not None:
            following.decompose()
        node = parent
    first.decompose()
