"""Scrapy settings; every override has its reason. What the user may set is in config.py.

``newscrawl.toml`` is laid over these by the add-on (``newscrawl.addon``), so that
``scrapy crawl`` and ``newscrawl crawl`` run the same crawl.
"""

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
ADDONS = {"newscrawl.addon.NewscrawlAddon": 100}

# One door to the network, with the address check at connect time; no other scheme has one.
DOWNLOAD_HANDLERS = {
    "http": "newscrawl.middlewares.guard.GuardedDownloadHandler",
    "https": "newscrawl.middlewares.guard.GuardedDownloadHandler",
    **dict.fromkeys(("file", "ftp", "s3", "data")),
}
# The plain asyncio loop under the aiohttp handler: no reactor to import, start or feed.
TWISTED_REACTOR_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy

# Remote control and state that a crawl of public pages has no use for.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # a code-execution server, on by default since 2.19
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # a page's own word is no reason to fetch another (H30)
HTTPPROXY_ENABLED = False  # an environment variable must not redirect a crawl

CONCURRENT_REQUESTS = 16
DOWNLOAD_DELAY_JITTER = 0.0  # jitter would ask sooner than the promised delay half the time
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
}
EXTENSIONS = {
    "newscrawl.middlewares.politeness.Politeness": 0,
    "newscrawl.extensions.run_record.RunRecord": 100,
    "newscrawl.extensions.progress.Progress": 200,
}
MEMUSAGE_LIMIT_MB = 1024  # a cron job on a small server ends rather than swaps

# Ours replace Scrapy's robots.txt (fails open) and redirect (goes anywhere) middlewares.
ROBOTSTXT_OBEY = False
ROBOTSTXT_USER_AGENT = "newscrawl"
# What is switched off is not named at all: Scrapy would import it first, and with the cookies
# alone as much as the rest of a short run takes.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": 50,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
}
DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.redirects.BoundedRedirectMiddleware": 600,
    "newscrawl.middlewares.raw.RawMiddleware": 950,  # nearest to the network: bytes as sent
    "newscrawl.middlewares.clock.ClockMiddleware": 960,  # when they came
    "newscrawl.middlewares.politeness.BackoffMiddleware": 560,  # hears a 429 before retry (550)
}
# They stand between a scheduler and callbacks, and the crawl has neither (spiders.articles).
# This one Scrapy's redirect middleware wants to see, which ours is made of.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}
REFERRER_POLICY = "no-referrer"  # a source says itself which Referer its site wants
ITEM_PIPELINES = {
    "newscrawl.pipelines.store.StorePipeline": 300,
    "newscrawl.pipelines.pictures.PicturePipeline": 500,  # where pictures are kept at all
    "newscrawl.pipelines.posts.PostPipeline": 800,
}
MEDIA_ALLOW_REDIRECTS = True  # by our redirect middleware, which checks every hop (H32)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
# What our one handler raises; the others name classes of Twisted's, whose import takes longer
# than a cron run that finds nothing new.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the outcome says it, with a reason, in the counts
LOG_LEVEL = "WARNING"
LOG_SHORT_NAMES = True
