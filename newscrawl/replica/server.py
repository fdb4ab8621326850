"""The HTTP side: one loopback port for all publishers, told apart by the Host header."""

import asyncio
import hashlib
import json
import signal
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from newscrawl.replica.options import ReplicaError, ReplicaOptions
from newscrawl.replica.pages import CapturedPages
from newscrawl.replica.registry import build
from newscrawl.replica.standin import Reply, Request, StandIn, missing
from newscrawl.replica.world import Clock

GAPS_KEPT = 1000
_CONTROL = "/__replica__/"
_TEXT = "text/plain; charset=utf-8"


@dataclass(slots=True)
class HostStatistics:
    """What one host was asked for, and how far apart the requests came."""

    requests: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    last: float | None = None
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=GAPS_KEPT))

    def count(self, now: float) -> None:
        """Note a request at ``now``, seconds of a monotonic clock."""
        self.requests += 1
        if self.last is not None:
            self.gaps.append(round(now - self.last, 6))
        self.last = now

    def as_json(self) -> dict[str, Any]:
        """Return the figures; gaps are seconds, the latest ``GAPS_KEPT`` of them."""
        gaps = list(self.gaps)
        return {
            "requests": self.requests,
            "kinds": dict(self.kinds),
            "least_gap": min(gaps, default=None),
            "gaps": gaps,
        }


class Replica:
    """Answers requests: control, captured pages, robots.txt, else the host's stand-in."""

    def __init__(
        self,
        standins: Sequence[StandIn],
        clock: Clock,
        captured: CapturedPages,
        *,
        versioned: bool = False,
        remember: int = 0,
    ) -> None:
        self._made = lru_cache(remember)(self._make)
        self._standins = standins
        self._versioned = versioned
        self._clock = clock
        self._captured = captured
        self._statistics: defaultdict[str, HostStatistics] = defaultdict(HostStatistics)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path, _, query = request.raw_path.partition("?")
        path = unquote(path)
        if path.startswith(_CONTROL):
            return await self._control(request, path.removeprefix(_CONTROL), query)
        host = request.host.lower().partition(":")[0]
        scheme = request.headers.get("X-Forwarded-Proto", "http")
        statistics = self._statistics[host]
        statistics.count(time.monotonic())
        at = (self._clock.published, self._clock.corrections)
        reply, tag = self._made(scheme, host, path, query, request.headers.get("Referer", ""), at)
        known = tag is not None and request.headers.get("If-None-Match") == tag
        statistics.kinds[f"{reply.kind}, not modified" if known else reply.kind] += 1
        return _response(reply, tag, known=known)

    def _make(
        self, scheme: str, host: str, path: str, query: str, referer: str, _at: tuple[int, int]
    ) -> tuple[Reply, str | None]:
        """Return an answer and its version; _at: how far the world has moved on.

        What is the same for all of these is made once, where answers are remembered.
        """
        fields = dict(parse_qsl(query, keep_blank_values=True))
        reply = self.reply(Request(scheme, host, path, fields, referer), query)
        return reply, self._tag(reply, fields)

    def _tag(self, reply: Reply, fields: Mapping[str, str]) -> str | None:
        """Return the version of a page, None where it has none to tell.

        The trace of a request, which defeats caches, is no part of its answer's version.
        """
        listing = self._versioned and reply.kind == "listing"
        if reply.modified is None and not listing:
            return None
        body = (
            reply.body.replace(fields["req_trace"].encode(), b"")
            if "req_trace" in fields
            else reply.body
        )
        return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'

    def reply(self, request: Request, raw_query: str = "") -> Reply:
        """Return the answer of the host that is asked."""
        owner = next((one for one in self._standins if one.owns(request.host)), None)
        if owner is None and not self._captured.has_host(request.host):
            text = f"the replica stands in for no host {request.host!r}\n"
            return Reply(text.encode(), _TEXT, status=502, kind="unknown")
        if request.path == "/robots.txt":
            rules = owner.robots(request.host) if owner else "User-agent: *\nDisallow:\n"
            return Reply(rules.encode(), _TEXT, kind="robots")
        page = self._captured.find(request, raw_query) or (owner and owner.captured_page(request))
        if page:
            return Reply(page.body, page.content_type, kind="article")
        return owner.answer(request) if owner else missing()

    async def _control(self, request: web.BaseRequest, name: str, query: str) -> web.StreamResponse:
        if name == "stats" and request.method == "GET":
            hosts = {host: one.as_json() for host, one in sorted(self._statistics.items())}
            return _json({"hosts": hosts, "clock": self._clock_json()})
        if name == "expect" and request.method == "GET":
            return await self._expect(request)
        if name == "advance" and request.method == "POST":
            return self._advance(dict(parse_qsl(query)))
        return web.Response(status=404, text="stats, expect (GET), advance (POST)\n")

    async def _expect(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send what a full crawl must find now, a JSON object a line."""
        answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await answer.prepare(request)
        for one in self._standins:
            for item in one.all_expected():
                await answer.write(f"{json.dumps(asdict(item), ensure_ascii=False)}\n".encode())
        return answer

    def _advance(self, query: dict[str, str]) -> web.Response:
        """Publish and correct more; say which articles were met.

        A correction shows where the publisher's list tells of it: a changed record or time.
        Lists without either leave it to a crawl that looks again.
        """
        try:
            articles, corrections = (
                int(query.get(name, 0)) for name in ("articles", "corrections")
            )
        except ValueError:
            return web.Response(status=400, text="articles and corrections are numbers\n")
        if min(articles, corrections) < 0:
            return web.Response(status=400, text="the clock does not go back\n")
        before = [one.lane.first for one in self._standins]
        versions = [self._versions(one) for one in self._standins]
        self._clock.advance(articles, corrections)
        published, corrected = [], []
        for one, first, known in zip(self._standins, before, versions, strict=True):
            published += [one.expected(number).identity for number in range(one.lane.first, first)]
            corrected += [
                one.expected(number).identity
                for number, version in self._versions(one).items()
                if version != known.get(number, 0)
            ]
        answer = {"published": published, "corrected": corrected, "clock": self._clock_json()}
        return _json(answer)

    @staticmethod
    def _versions(one: StandIn) -> dict[int, int]:
        """Return the versions of all corrected articles; they are the newest of the first."""
        made = one.lane.spacing * (one.lane.clock.corrections + 1)
        numbers = range(min(one.lane.end, made))
        return {number: version for number in numbers if (version := one.version(number))}

    def _clock_json(self) -> dict[str, int]:
        return {"published": self._clock.published, "corrections": self._clock.corrections}


def _json(value: object) -> web.Response:
    return web.Response(text=json.dumps(value, ensure_ascii=False), content_type="application/json")


def _response(reply: Reply, tag: str | None, *, known: bool) -> web.Response:
    headers = {"Content-Type": reply.content_type}
    if reply.location:
        headers["Location"] = reply.location
    if reply.modified is not None:
        headers["Last-Modified"] = format_datetime(reply.modified.astimezone(UTC), usegmt=True)
    if tag is not None:
        headers["ETag"] = tag
    if known:
        return web.Response(status=304, headers=headers)
    return web.Response(body=reply.body, status=reply.status, headers=headers)


def serve(options: ReplicaOptions) -> None:
    """Serve until SIGTERM or SIGINT; print one line with the address once it listens.

    Raises ``ReplicaError`` for options or pages that cannot be used, or a taken port.
    """
    options.check()
    captured = CapturedPages.read(options)
    clock = Clock(options.tick, options.correct)
    replica = Replica(
        build(options, clock, captured.pages),
        clock,
        captured,
        versioned=options.listings == "versioned",
        remember=options.remember,
    )
    for line in captured.left_out:
        print(f"left out: {line}", file=sys.stderr)
    try:
        asyncio.run(_listen(replica, options))
    except OSError as error:
        raise ReplicaError(f"cannot listen on {options.host}:{options.port}: {error}") from error


async def _listen(replica: Replica, options: ReplicaOptions) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = web.Server(replica.handle, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        host, port, *_ = runner.addresses[0]
        address = f"[{host}]" if ":" in host else host
        print(f"newscrawl replica on http://{address}:{port}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
