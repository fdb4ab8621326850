"""新浪财经: finance.sina.com.cn and the other channels that its lists lead to."""

from newscrawl.spiders.sina_finance.spider import SinaFinance

__all__ = ["SinaFinance"]
