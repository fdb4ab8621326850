"""Which article a URL stands for: canonical form, identity, hash. No Scrapy here."""
