"""Parts of a body that are told by their place."""

from selectolax.lexbor import LexborHTMLParser

from newscrawl.extraction.furniture import cut_furniture


def left(inner: str, *ends: str) -> str:
    tree = LexborHTMLParser(f"<div>{inner}</div>")
    cut_furniture(tree.css("body > div"), ends)
    node = tree.css_first("div")
    assert node is not None
    return " ".join(node.text(separator=" ").split())


TEXT = "<p>这是一段足够长的正文，有许多字，说明一件事情的来龙去脉。</p>"
KEPT = "这是一段足够长的正文，有许多字，说明一件事情的来龙去脉。"


def test_what_follows_the_end_mark_goes() -> None:
    page = f"{TEXT}{TEXT}<!-- 原文end --><p>进入股吧</p>散落的字<div>二维码</div>"
    assert left(page, "原文end") == f"{KEPT} {KEPT}"
    assert left(page, "别的标记") == f"{KEPT} {KEPT} 进入股吧 散落的字 二维码"


def test_a_mark_with_much_text_behind_it_closes_something_else() -> None:
    assert left(f"<p>导语</p><!-- end -->{TEXT}", "end") == f"导语 {KEPT}"


def test_the_last_of_several_marks_counts() -> None:
    page = f"{TEXT}<!-- end -->{TEXT}{TEXT}<!-- end --><p>推广</p>"
    assert left(page, "end") == " ".join([KEPT] * 3)


def test_H69_lists_of_links_to_other_articles_go_with_their_head() -> None:
    links = '<p> <b><a href="/1">别的新闻</a></b></p><p></p><p><a href="/2">又一条</a></p>'
    assert left(f"<p><b>相关新闻：</b></p>{links}{TEXT}") == KEPT
    assert left(f'{TEXT}<p>延伸阅读：<br><a href="/1">别的新闻</a></p>') == KEPT


def test_H69_a_head_without_links_stays_and_so_do_links_without_a_head() -> None:
    assert left(f"<p>相关新闻：</p>{TEXT}") == f"相关新闻： {KEPT}"
    assert left(f"<p>相关报道称，涨了。</p>{TEXT}") == f"相关报道称，涨了。 {KEPT}"
    assert left(f'{TEXT}<p><a href="/1">链接</a></p>') == f"{KEPT} 链接"


def test_a_mark_far_behind_the_text_is_held_against_all_of_it() -> None:
    """What stands just before the mark is looked at first; it may be short or nothing."""
    short = "<p>短</p>" * 6
    assert left(f"{TEXT}{short}<!-- end --><p>一二三四</p>", "end") == f"{KEPT}{' 短' * 6}"
    assert left(f"{short}<!-- end --><p>一二三四</p>", "end") == f"{'短 ' * 6}一二三四"
    assert left("<!-- end --><p>一二三四</p>", "end") == "一二三四"
    # A quarter of all characters, and one more than that.
    assert left(f"{'<p>短短</p>' * 3}<!-- end --><p>一二</p>", "end") == "短短 短短 短短"
    assert left(f"{'<p>短短</p>' * 3}<!-- end --><p>一二三</p>", "end") == "短短 短短 短短 一二三"
