"""newscrawl: Chinese finance and technology news, crawled into posts for static sites."""

__version__ = "0.1.0"
