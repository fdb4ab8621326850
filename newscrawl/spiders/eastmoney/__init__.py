"""Eastmoney (东方财富). The spider, and one module for each thing it needs to know.

``addresses`` which URL is which article · ``sections`` what can be crawled, and how each
listing is asked for · ``records`` what rows and records call the facts · ``listings``
discovery · ``templates`` pages and noise · ``article`` the reading of one article.
"""

from newscrawl.spiders.eastmoney.spider import EastmoneySpider

__all__ = ["EastmoneySpider"]
