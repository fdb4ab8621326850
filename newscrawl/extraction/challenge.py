"""Challenge pages that come with status 200 in an article's place (H71, H72)."""

import re

from newscrawl.extraction.page import Page

MAX_TEXT = 800
"""Visible characters of a page that does nothing but ask for proof."""

_ASKS = re.compile(
    r"访问(?:过于|太|次数)?(?:频繁|过快|受限|异常)|请求(?:过于|太)频繁|异常(?:访问|流量|请求)"
    r"|(?:输入|填写|完成|点击|拖动|按住).{0,12}(?:验证码|验证|滑块|拼图)|安全验证|人机验证"
    r"|access denied|too many requests|checking your browser",
    re.IGNORECASE,
)
_INVISIBLE = frozenset({"script", "style", "noscript", "template"})


def is_challenge(page: Page) -> bool:
    """Whether the page asks a visitor for proof of being human, and does nothing else.

    Two signals are needed, for an article may speak of captchas: the words, and so little
    text that nothing else is said. Ask only where no article was recognised.
    """
    said = ""
    for node in page.tree.root.traverse(include_text=True) if page.tree.root else ():
        if node.is_text_node and node.parent and node.parent.tag not in _INVISIBLE:
            said = f"{said} {node.text().strip()}".lstrip()
            if len(said) > MAX_TEXT:
                return False
    return asks_for_proof(said)


def asks_for_proof(text: str) -> bool:
    """Whether a text has the words of a wall; one signal alone, an article may have them."""
    return _ASKS.search(text) is not None
