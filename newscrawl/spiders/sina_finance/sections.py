"""Sections of Sina Finance: which listings there are and where (dossier §1)."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from newscrawl.listings import Section

NAME = "sina_finance"
ZONE = ZoneInfo("Asia/Shanghai")

ROLL_PAGES = 50
"""The roll API serves about the newest 50 pages, whatever total it claims."""
LIVE_PAGES = 23
"""The 7x24 feed reaches back about two days: 23 pages of 100."""
STOCK_PAGES = 5

# id, name, pageid, lid (a wrong pair is refused), crawled by default.
# In order of precedence: what a reader would call the article's section first, the lists
# that hold everything last.
_ROLLS = (
    ("china", "国内滚动", "155", "1686", True),
    ("macro", "宏观经济", "155", "1687", True),
    ("banking-news", "金融新闻", "155", "1690", True),
    ("local-economy", "地方经济", "155", "1688", True),
    ("ministries", "部委动态", "155", "1689", True),
    ("top10", "今日财经TOP10", "155", "3231", True),
    ("stock-market", "股市", "384", "2671", True),
    ("us-stock", "美股", "384", "2672", True),
    ("china-concept", "中国概念股", "384", "2673", True),
    ("hk-stock", "港股", "384", "2674", True),
    ("research", "研究报告", "384", "2675", True),
    ("global-market", "全球市场", "384", "2676", True),
    ("forex", "外汇", "384", "2487", True),
    ("finance", "财经", "384", "2519", True),
    ("roll-stock-market", "股市滚动", "153", "2517", True),
    ("roll-us-stock", "美股滚动", "153", "2518", True),
    ("roll-finance", "财经滚动", "153", "2516", True),
    ("tech", "科技滚动", "372", "2431", False),
    ("roll-domestic", "国内新闻", "153", "2510", False),
    ("roll-world", "国际新闻", "153", "2511", False),
    ("roll-society", "社会新闻", "153", "2669", False),
    ("roll-military", "军事新闻", "153", "2514", False),
    ("roll-tech", "科技新闻", "153", "2515", False),
    ("roll-sports", "体育新闻", "153", "2512", False),
    ("roll-entertainment", "娱乐新闻", "153", "2513", False),
    ("roll-all", "全部新闻", "153", "2509", False),
)
_FEEDS = {"china": "新浪财经－国內"}  # as the existing posts have it

# id, name, cid of roll/c/{cid}.shtml. Of these 230808, 264124, 40811, 56409, 57045 and 57046
# are gone.
_COLUMNS = (
    ("col-market-comment", "大盘评述", "56589"),
    ("col-macro-research", "宏观研究", "56598"),
    ("col-market-research", "市场研究", "56605"),
    ("col-institutions", "机构观点", "56978"),
    ("col-companies", "上市公司", "56592"),
    ("col-main-capital", "主力动向", "56615"),
    ("col-hk-flash", "港股市场快讯", "57027"),
    ("col-hk-research", "港股大行研报", "57028"),
    ("col-hk-companies", "港股公司新闻", "57038"),
    ("col-funds", "基金市场", "56907"),
    ("col-forex", "外汇市场", "56982"),
    ("col-futures", "期货", "56988"),
    ("col-futures-news", "期市要闻", "56995"),
    ("col-gold", "黄金分析", "57085"),
    ("col-banks", "银行要闻", "56683"),
    ("col-central-bank", "央行动态", "56689"),
    ("col-bank-companies", "银行公司动态", "80798"),
    ("col-insurance", "保险要闻", "56757"),
    ("col-insurance-industry", "保险行业动态", "56850"),
    ("col-insurance-companies", "保险公司动态", "56854"),
)

# id, name, zhibo_id, tag_id, crawled by default: the tags are parts of the first feed.
_LIVES = (
    ("live", "7x24财经", "152", "0", True),
    ("live-politics", "7x24政经", "151", "0", True),
    ("live-general", "7x24综合", "153", "0", True),
    ("live-market", "7x24市场", "155", "0", True),
    ("live-world", "7x24国际", "164", "0", True),
    ("live-industry", "7x24行业", "242", "0", True),
    ("live-tag-macro", "7x24财经·宏观", "152", "1", False),
    ("live-tag-industry", "7x24财经·行业", "152", "2", False),
    ("live-tag-company", "7x24财经·公司", "152", "3", False),
    ("live-tag-data", "7x24财经·数据", "152", "4", False),
    ("live-tag-market", "7x24财经·市场", "152", "5", False),
    ("live-tag-opinion", "7x24财经·观点", "152", "6", False),
    ("live-tag-central-bank", "7x24财经·央行", "152", "7", False),
    ("live-tag-other", "7x24财经·其他", "152", "8", False),
    ("live-tag-a-share", "7x24财经·A股", "152", "10", False),
)


def _all() -> Iterator[Section]:
    for key, name, pageid, lid, default in _ROLLS:
        yield Section(
            key,
            name,
            "roll",
            {"pageid": pageid, "lid": lid},
            max_pages=ROLL_PAGES,
            default=default,
            feed=_FEEDS.get(key),
        )
    for key, name, cid in _COLUMNS:
        yield Section(key, name, "column", {"cid": cid}, max_pages=1)
    for key, name, zhibo_id, tag_id, default in _LIVES:
        yield Section(
            key,
            name,
            "live",
            {"zhibo_id": zhibo_id, "tag_id": tag_id},
            flash=True,
            max_pages=LIVE_PAGES,
            default=default,
        )


SECTIONS = {section.id: section for section in _all()}
