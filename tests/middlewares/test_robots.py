"""robots.txt: one answer an origin, whoever waits for it, and how its delay is taken."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from newscrawl.middlewares.politeness import MAX_CRAWL_DELAY, Politeness
from newscrawl.middlewares.robots import RobotsMiddleware

PAGE = Request("https://www.fault.test/ok")


def middleware(answer: Any) -> RobotsMiddleware:
    crawler: Any = SimpleNamespace(
        settings=Settings({"ROBOTSTXT_USER_AGENT": "newscrawl"}),
        engine=SimpleNamespace(download_async=answer),
        get_extension=lambda _: None,
    )
    return RobotsMiddleware(crawler)


def test_a_request_that_is_cancelled_does_not_take_the_answer_from_the_others() -> None:
    asked = []

    async def scene() -> None:
        come = asyncio.Event()

        async def answer(request: Request) -> Response:
            asked.append(request.url)
            await come.wait()
            return Response(request.url, body=b"User-agent: *\nAllow: /\n")

        robots = middleware(answer)
        first, second = (asyncio.ensure_future(robots.process_request(PAGE)) for _ in "ab")
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        come.set()
        await asyncio.wait_for(second, 5)
        assert first.cancelled()

    asyncio.run(scene())
    assert asked == ["https://www.fault.test/robots.txt"]


@pytest.mark.parametrize(("asked", "kept"), [(10.0, 10.0), (99999.0, MAX_CRAWL_DELAY), (0.1, 1.0)])
def test_H41_crawl_delay_is_kept_and_bounded(asked: float, kept: float) -> None:
    slot = SimpleNamespace(delay=1.0)
    politeness = Politeness.__new__(Politeness)
    politeness._floors = {}
    crawler: Any = SimpleNamespace(
        engine=SimpleNamespace(downloader=SimpleNamespace(slots={"www.fault.test": slot}))
    )
    politeness.crawler = crawler
    politeness.slow_down("www.fault.test", asked)
    assert slot.delay == kept
