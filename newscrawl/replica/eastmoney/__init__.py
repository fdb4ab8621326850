"""Stand-in of Eastmoney."""

import re
from typing import ClassVar

from newscrawl.replica.eastmoney import listings, pages
from newscrawl.replica.eastmoney.articles import CODE, Doc, Ids, recipe_of
from newscrawl.replica.eastmoney.bodies import body
from newscrawl.replica.eastmoney.sections import LIMITS, ROTA, kind_of
from newscrawl.replica.markup import join_text
from newscrawl.replica.standin import JSON, Captured, Expected, Reply, Request, StandIn, missing
from newscrawl.replica.text import Story
from newscrawl.replica.world import Lane

_FLASH_LIST = re.compile(r"/kuaixun/v1/getlist_(\w+)_ajaxResult_(\d{1,4})_(\d{1,6})_\.html")
_NW_CODE = re.compile(r"NW\d{18}")
_DETAIL_HOST = "newsinfo.eastmoney.com"
_COLUMN_HOSTS = ("np-listapi.eastmoney.com", "np-weblist.eastmoney.com")


class Eastmoney(StandIn):
    """Answers for every host of the dossier's Eastmoney, the bare addresses included."""

    name = "eastmoney"
    domains = ("eastmoney.com", "dfcfw.com", "183.136.162.242", "43.240.125.15")
    pictures = ("dfcfw.com", "webquoteklinepic.eastmoney.com", "webquotepic.eastmoney.com")
    strict_pictures = True
    disallowed: ClassVar = {"np-listapi.eastmoney.com": "/private/"}
    rota = ROTA
    limits = LIMITS

    def __init__(self, lane: Lane, seed: str, captured: tuple[Captured, ...] = ()) -> None:
        super().__init__(lane, seed, captured)
        self._ids = Ids(seed)

    @staticmethod
    def article_code(path: str) -> str | None:
        match = CODE.search(path)
        return match["code"] if match else None

    def captured_page(self, request: Request) -> Captured | None:
        return None if request.host == _DETAIL_HOST else super().captured_page(request)

    def listing(self, request: Request) -> Reply | None:
        select, read, query = self.members, self.doc, request.query
        match request.host, request.path:
            case "newsapi.eastmoney.com", path if found := _FLASH_LIST.fullmatch(path):
                return listings.flash_list(found[1], int(found[2]), int(found[3]), select, read)
            case host, "/comm/web/getFastNewsList" if host in _COLUMN_HOSTS:
                return listings.fast_news(query, select, read, self.lane.number_before)
            case host, "/comm/web/getNewsByColumns" if host in _COLUMN_HOSTS:
                return listings.columns(query, select, read, self.captured)
            case "np-listapi.eastmoney.com", "/comm/wap/getListInfo":
                return listings.stock(query, select, read)
            case "183.136.162.242", "/web/webapi":
                return listings.choice(query, select, read)
            case "43.240.125.15", "/information/newmarket/web/webapi":
                return listings.market(query, select, read)
        return None

    def _record(self, request: Request) -> Reply | None:
        if request.host == _DETAIL_HOST:
            doc = self._found(self.article_code(request.path))
            modified = doc.updated if doc else None
            return Reply(pages.detail(doc), JSON, kind="article", modified=modified)
        if request.path == "/NewsData/GetNewsText.do":
            doc = self._found(request.query.get("id"))
            return Reply(pages.news_text(doc), JSON, kind="article")
        if request.path == "/html_News/NewsShare.html":
            return Reply(pages.share_page())
        return None

    def page(self, request: Request) -> Reply:
        if record := self._record(request):
            return record
        doc = self._found(self.article_code(request.path))
        if (
            doc is None
            or doc.kind not in ("article", "flash")
            or doc.recipe.kind in ("gone", "forum")
        ):
            return missing()
        return Reply(pages.page(doc), kind="article", modified=doc.updated)

    def _found(self, code: str | None) -> Doc | None:
        """Return the article that has exactly this code, of either kind."""
        if code is None or not (code.isdigit() or _NW_CODE.fullmatch(code)):
            return None
        number = self._ids.number(code)
        if number not in self.lane:
            return None
        doc = self.doc(number)
        if code == doc.nw_code:
            return doc if self._has_nw_code(doc) else None
        return doc if code == doc.code and doc.kind != "legacy" else None

    @staticmethod
    def _has_nw_code(doc: Doc) -> bool:
        return any(section.startswith("legacy-") for section in doc.sections)

    def doc(self, number: int) -> Doc:
        """Return article ``number`` as it stands now."""
        published = self.lane.published_at(number)
        return Doc(
            number=number,
            kind=kind_of(number),
            recipe=recipe_of(number),
            code=self._ids.code(number, published),
            nw_code=self._ids.nw_code(number, published),
            published=published,
            story=Story(self.seed, self.name, number, self.version(number), markup=False),
            sections=ROTA.sections(number),
        )

    def can_be_corrected(self, number: int) -> bool:
        return recipe_of(number).kind == "article" and kind_of(number) != "bare"

    def expected(self, number: int) -> Expected:
        doc = self.doc(number)
        kind = doc.recipe.kind if doc.kind == "article" else doc.kind.replace("bare", "flash")
        outcome = {"article": "stored", "flash": "stored", "legacy": "stored", "gone": "gone"}.get(
            kind, "skipped"
        )
        stored = outcome == "stored"
        own = doc.kind == "legacy"
        return Expected(
            source=self.name,
            identity=doc.identity,
            url=doc.share_url if own else doc.unique_url,
            kind=kind.replace("legacy", "article"),
            outcome=outcome,
            title=doc.title,
            published_at=doc.published.isoformat(timespec="seconds"),
            precision=self._precision(doc),
            media=None if doc.kind == "bare" else doc.story.media,
            body_text=join_text(body(doc)) if stored else "",
            sections=self.visible_sections(number),
            aliases=(doc.share_url,) if self._has_nw_code(doc) and not own else (),
        )

    @staticmethod
    def _precision(doc: Doc) -> str:
        if doc.kind == "bare":
            return "day"
        return "second" if doc.recipe.detail == "full" or doc.kind == "legacy" else "minute"
