"""Stand-in of Sina Finance."""

from typing import ClassVar

from newscrawl.replica.markup import join_text
from newscrawl.replica.sina_finance import listings, pages
from newscrawl.replica.sina_finance.articles import CODE, Doc, Ids, recipe_of
from newscrawl.replica.sina_finance.bodies import body, flash_title, has_title
from newscrawl.replica.sina_finance.sections import LIMITS, ROTA, is_flash
from newscrawl.replica.standin import Captured, Expected, Reply, Request, StandIn, missing
from newscrawl.replica.text import Story
from newscrawl.replica.world import Lane

_HOME = "https://finance.sina.com.cn/"


class SinaFinance(StandIn):
    """Answers for every host of the dossier's Sina Finance."""

    name = "sina_finance"
    domains = ("sina.com.cn", "sina.cn", "sinaimg.cn", "sinajs.cn")
    pictures = ("sinaimg.cn", "sinajs.cn")
    disallowed: ClassVar = {"vip.stock.finance.sina.com.cn": "/q/"}
    rota = ROTA
    limits = LIMITS

    def __init__(self, lane: Lane, seed: str, captured: tuple[Captured, ...] = ()) -> None:
        super().__init__(lane, seed, captured)
        self._ids = Ids(seed)

    @staticmethod
    def article_code(path: str) -> str | None:
        match = CODE.search(path)
        return match["core"] if match else None

    def listing(self, request: Request) -> Reply | None:
        select, read, query = self.members, self.doc, request.query
        match request.host, request.path:
            case ("feed.mix.sina.com.cn" | "feed.sina.com.cn", "/api/roll/get"):
                return listings.roll(query, select, read, self.captured)
            case "zhibo.sina.com.cn", "/api/zhibo/feed":
                return listings.live(query, select, read)
            case "vip.stock.finance.sina.com.cn", "/corp/view/vCB_AllNewsStock.php":
                return listings.stock(query, select, read)
            case "interface.sina.cn", "/pc_api/public_news_data.d.json":
                return listings.newest(select, read)
            case "finance.sina.com.cn", path if path.startswith("/roll/c/"):
                return listings.column(path[8:].removesuffix(".shtml"), select, read)
        return None

    def page(self, request: Request) -> Reply:
        if request.path == "/":
            return Reply("<html><body><h1>新浪财经</h1></body></html>".encode())
        doc = self._found(request)
        if doc is None or (doc.recipe.kind == "gone" and doc.recipe.template != "redirected"):
            return missing()
        if doc.recipe.template == "redirected":
            return Reply(b"", status=302, location=_HOME, kind="missing")
        if request.path.endswith(".md"):
            return Reply(pages.markdown(doc), "text/markdown; charset=utf-8", kind="article")
        on_wap = request.host.endswith(".sina.cn")
        template = "wap" if on_wap and doc.recipe.kind == "article" else doc.recipe.template
        content_type = "text/html" if template == "old" else "text/html; charset=utf-8"
        return Reply(pages.page(doc, template), content_type, kind="article", modified=doc.updated)

    def _found(self, request: Request) -> Doc | None:
        """Return the article that the address stands for.

        Any host and channel will do for a doc core; other addresses must be exact.
        """
        for number in self._ids.candidates(request.path):
            if number not in self.lane:
                continue
            doc = self.doc(number)
            if doc.is_flash and not doc.has_page:
                continue
            if self.article_code(request.path) == doc.core or doc.url.partition("?")[0].endswith(
                f"//{request.host}{request.path}"
            ):
                return doc
        return None

    def doc(self, number: int) -> Doc:
        """Return article ``number`` as it stands now."""
        flash = is_flash(number)
        return Doc(
            number=number,
            recipe=recipe_of(number),
            is_flash=flash,
            core=self._ids.core(number),
            code=self._ids.code(number),
            flash_id=self._ids.flash_id(number),
            published=self.lane.published_at(number),
            story=Story(self.seed, self.name, number, self.version(number), markup=not flash),
            sections=ROTA.sections(number),
        )

    def can_be_corrected(self, number: int) -> bool:
        return is_flash(number) or recipe_of(number).kind == "article"

    def expected(self, number: int) -> Expected:
        doc = self.doc(number)
        kind, outcome = self._end(doc)
        stored = outcome == "stored"
        return Expected(
            source=self.name,
            identity=doc.identity,
            url=doc.url,
            kind=kind,
            outcome=outcome,
            title=self._title(doc),
            published_at=doc.published.isoformat(timespec="seconds"),
            precision="second" if doc.is_flash or doc.recipe.template == "wap" else "minute",
            media=None if doc.is_flash else doc.media,
            body_text=self._text(doc) if stored else "",
            sections=self.visible_sections(number),
        )

    @staticmethod
    def _end(doc: Doc) -> tuple[str, str]:
        if doc.is_flash:
            return ("deleted", "skipped") if doc.is_deleted else ("flash", "stored")
        kind = doc.recipe.kind
        return kind, {"article": "stored", "gone": "gone"}.get(kind, "skipped")

    @staticmethod
    def _title(doc: Doc) -> str | None:
        if not doc.is_flash:
            return doc.story.title
        return flash_title(doc) if has_title(doc) else None

    @staticmethod
    def _text(doc: Doc) -> str:
        return doc.story.flash if doc.is_flash else join_text(body(doc))
