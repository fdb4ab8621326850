"""Where the article stands on a page that no rule knows: by the density of its prose.

One walk over the tree cuts the page into lines (what stands between block boundaries or
``<br>``) and sums two things up every branch: prose, the characters of lines with Chinese
punctuation and few links, and clutter, the characters of all other lines. The article is
the element with the greatest surplus of prose over weighted clutter: a part of it has
less prose, and anything around it brings in more clutter than prose. Prose counts fully
from the headline on, and little after what closes an article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newscrawl.cleaning.elements import swallows
from newscrawl.cleaning.selecting import select

_SKIPPED_TAGS = (
    "script style template iframe select option button textarea svg math object "
    "embed canvas title head -comment -doctype"
)
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_INLINE_TAGS = (
    "a abbr b big cite code em font i img ins label mark q s small span strike strong sub sup "
    "time tt u var o:p"
)
_INLINE = frozenset(_INLINE_TAGS.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_PUNCTUATION = re.compile("[，。；！？、…]|[^\\W\\d_][,.;!?] ")
_NEVER_PROSE = re.compile(
    r"版权|copyright|©|转载|未经.{0,8}授权|许可证|备案号?|ICP[备证]|举报(?:电话|邮箱|热线)|免责|声明|责任编辑|"
    r"all rights|登录|注册|扫一扫|扫码|二维码|浏览器|(?:来源|时间|日期)\s?[:：]|"
    r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s{0,2}\d{1,2}:\d\d",
    re.I,
)
_LONGEST_NOTICE = 150
"""A longer line is prose whatever words it holds."""

_CLOSING = re.compile(
    "(?:相关|延伸|推荐|扩展|热门|精彩|往期|更多|最新|网友|全部|发表|我要|参与|用户|为您|為您|为你|"
    "為你|猜你|看了|其他人|特别|免责|版权|郑重|分享|打印|上一|下一|文章|展开|责任|你可能|大家都)"
    "(?:阅读|新闻|推荐|推薦|文章|专题|链接|报道|资讯|内容|精彩|视频|图片|排行|回顾|评论|留言|喜欢|"
    "又看|也在看|声明|到|至|本页|篇|全文|编辑|关注|關注|在看)"
    ".{0,20}|(?:标签|关键[词字]|评论|编辑|編輯|责编).{0,16}"
)


def closes(text: str) -> bool:
    """Whether a line is one that stands below an article: 相关阅读, 责任编辑：甲, 分享到."""
    return len(text) <= _LONGEST_CLOSING and _CLOSING.fullmatch(_SIGNS.sub("", text)) is not None


_SIGNS = re.compile(r"[\W_]+")
_LONGEST_CLOSING = 60

_IGNORED = re.compile("[\\s“”‘’「」『』\"']+")
_SHORTEST_PROSE = 10
_NEVER_HEADLINE = 2
"""Characters of a line that is too short to be looked at: most lines of a menu."""
_DEEPEST = 200
_MOST_LINKED = 0.4
_BEFORE_TITLE, _AFTER_END, _AFTER_NEXT_TITLE = 0.2, 0.3, 0.02
_LINK_WEIGHT, _TEXT_WEIGHT = 1.0, 0.7
"""What a character of clutter costs, in links and in other text."""


@dataclass(slots=True)
class Line:
    """One line of the page.

    linked: how many of its characters are link text. block: the innermost block around it.
    """

    text: str
    linked: int
    prose: bool
    block: LexborNode


@dataclass(slots=True)
class Body:
    """The element with the article, and the range of the page's lines that stand in it."""

    node: LexborNode
    first: int
    end: int


@dataclass(slots=True)
class Scan:
    """The lines of a page in document order, the one with its title, and its body."""

    lines: list[Line] = field(default_factory=list)
    title: int | None = None
    body: Body | None = None


@dataclass(slots=True)
class _Open:
    """A block on the way down, and what has been found in it so far."""

    node: LexborNode
    tag: str
    first: int
    surplus: float = 0


def scan(root: LexborNode, page_title: str) -> Scan:
    """Return what is on the page under ``root``; the tree stays as it is.

    page_title: text of the ``<title>`` element, by which the headline is recognised.
    """
    return _Scanner(root, page_title).run()


def same_words(text: str) -> str:
    """Return ``text`` for comparing titles: without white space and quotes, lower case."""
    return _IGNORED.sub("", text).lower()


def is_headline(text: str, page_title: str) -> bool:
    """Whether one of the two begins with the other, both by ``same_words``."""
    if len(text) < 6:
        return False
    if page_title.startswith(text) or (len(text) >= 10 and text in page_title):
        return True
    return len(page_title) >= 6 and text.startswith(page_title[:40])


class _Scanner:
    def __init__(self, root: LexborNode, page_title: str) -> None:
        self._result = Scan()
        self._page_title = same_words(page_title)
        self._open = [_Open(root, "body", 0)]
        self._best = 0.0
        self._weight = _BEFORE_TITLE
        self._prose_seen = False
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0

    def run(self) -> Scan:
        """Walk the tree in document order, without recursion."""
        top = self._open[0].node
        hidden = _hidden(top)
        above: list[tuple[LexborNode | None, str]] = []
        node = top.first_child
        while True:
            while node is not None:
                tag = node.tag or "-comment"
                if tag == "-text":
                    text = node.text_content
                    if text and not text.isspace():  # more than half of them: not worth a call
                        self._add(text.strip())
                elif tag == "br":
                    self._end_line()
                elif not (
                    tag in _SKIPPED
                    or (hidden and node.mem_id in hidden)
                    or (tag == "noscript" and not swallows(node))
                ):
                    above.append((node.next, tag))
                    if tag not in _INLINE:
                        self._start_block(tag, node)
                    elif tag == "a":
                        self._links += 1
                    node = node.first_child
                    continue
                node = node.next
            if not above:
                self._end_block()
                self._grow()
                return self._result
            node, tag = above.pop()
            if tag not in _INLINE:
                self._end_block()
            elif tag == "a":
                self._links -= 1

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        if self._links:
            self._linked += len(text)

    def _start_block(self, tag: str, node: LexborNode) -> None:
        if self._pieces:
            self._end_line()
        self._open.append(_Open(node, tag, len(self._result.lines)))

    def _end_block(self) -> None:
        if self._pieces:
            self._end_line()
        block = self._open.pop()
        if block.surplus > self._best:
            self._best = block.surplus
            self._result.body = Body(block.node, block.first, len(self._result.lines))
        if self._open:
            self._open[-1].surplus += block.surplus

    def _end_line(self) -> None:
        if not self._pieces:
            return
        text = " ".join(" ".join(self._pieces).split())
        linked = min(self._linked, len(text))
        self._pieces.clear()
        self._linked = 0
        block = self._open[-1]
        prose = self._is_prose(text, linked, block.tag)
        if prose:
            self._prose_seen = True
            block.surplus += self._weight * len(text)
        else:
            self._look_for_marks(text, block.tag)
            block.surplus -= _LINK_WEIGHT * linked + _TEXT_WEIGHT * (len(text) - linked)
        self._result.lines.append(Line(text, linked, prose, block.node))

    def _is_prose(self, text: str, linked: int, tag: str) -> bool:
        if len(text) < _SHORTEST_PROSE or tag in HEADINGS or linked > _MOST_LINKED * len(text):
            return False
        if self._result.title is None and is_headline(same_words(text), self._page_title):
            return False
        if _PUNCTUATION.search(text) is None:
            return False
        return len(text) > _LONGEST_NOTICE or _NEVER_PROSE.search(text) is None

    def _look_for_marks(self, text: str, tag: str) -> None:
        """Change the weight of the prose that follows at a headline or a closing line."""
        if len(text) > _NEVER_HEADLINE and is_headline(same_words(text), self._page_title):
            if not self._prose_seen or self._result.title is None:
                self._result.title = len(self._result.lines)
                self._weight = 1.0
                self._prose_seen = False
        elif tag == "h1" and self._result.title is not None and self._prose_seen:
            self._weight = min(self._weight, _AFTER_NEXT_TITLE)
        elif self._prose_seen and self._result.title is not None and closes(text):
            self._weight = min(self._weight, _AFTER_END)

    def _grow(self) -> None:
        """Take the parent of a single paragraph that has others beside it.

        In a short article with a long list of links below, each paragraph by itself can
        have the greater surplus; losing text is worse than the links, which are cut later.
        """
        body, lines = self._result.body, self._result.lines
        if body is None or body.node.tag != "p" or (parent := body.node.parent) is None:
            return
        top = parent.mem_id
        beside = [line for line in lines if line.prose and _parent_id(line.block) == top]
        if len(beside) > 1:
            inside = [number for number, line in enumerate(lines) if _is_inside(line.block, top)]
            self._result.body = Body(parent, inside[0], inside[-1] + 1)


def _parent_id(node: LexborNode) -> int:
    parent = node.parent
    return parent.mem_id if parent is not None else 0


def _is_inside(node: LexborNode, top: int) -> bool:
    return any(element.mem_id == top for element in upwards(node))


def upwards(node: LexborNode) -> Iterator[LexborNode]:
    """Yield ``node`` and what is around it, inside out, not further than pages are deep."""
    parent: LexborNode | None = node
    for _ in range(_DEEPEST):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _hidden(root: LexborNode) -> set[int]:
    """Return the elements under ``root`` that say that they are not shown, by ``mem_id``.

    Asking for those with such a style costs a tenth of asking every element for its style.
    """
    styled = select('[style*="display" i]', root)
    return {node.mem_id for node in styled if _HIDDEN.search(node.attributes["style"] or "")}
