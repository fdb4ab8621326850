"""Every way to name an article leads to it."""

from pathlib import Path

import pytest

from newscrawl.archive import Archive, ArticleFilter, Found
from newscrawl.config import Config
from newscrawl.identity.identities import hash_url
from newscrawl.listings import Entry
from newscrawl.operations.export import ExportRequest, run_export
from newscrawl.operations.lookup import AmbiguousNameError, look_up
from newscrawl.spiders.registry import spiders
from tests.cli.conftest import FIRST, article

SINA = spiders()["sina_finance"]
EM = spiders()["eastmoney"]
URL = "https://finance.sina.com.cn/roll/2026-01-10/doc-inaaaaaa0000000.shtml"
KEY = SINA.identify(URL).url_hash
NW = "https://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode=NW202201223333333333"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive of one article of Sina, and one of Eastmoney known by its NW code."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as store:
        for spider, url, number in ((SINA, URL, 0), (EM, NW, 1)):
            run = store.begin_run(spider.name, {}, FIRST)
            identity = spider.identify(url)
            store.discover(run, spider.name, "china", [Found(Entry(url), identity, ())], FIRST)
            said = article(number, url, FIRST)
            said.source, said.identity, said.url_hash = (
                spider.name, identity.key, identity.url_hash,
            )  # fmt: skip
            store.store(run, "china", identity.url_hash, said)
    folders = {"hexo": tmp_path / "hexo", "jsonl": tmp_path / "jsonl"}
    run_export(ExportRequest(Config(), path, folders, ArticleFilter(source="sina_finance")))
    return path


def find(archive: Path, name: str) -> str | None:
    with Archive.open(archive, read_only=True) as store:
        return look_up(name, store, Config())[1]


@pytest.mark.parametrize(
    "name",
    [
        URL,
        "http://finance.sina.com.cn/other/path/doc-inaaaaaa0000000.shtml?from=wap#top",
        "https://doc.sina.cn/?id=comos:naaaaaa0000000",
        "sina:naaaaaa0000000",
        "sina-naaaaaa0000000",
        KEY,
        KEY[:8],
        KEY[:9].upper(),
        f"  {URL} ",
    ],
)
def test_an_address_an_identity_or_a_hash(archive: Path, name: str) -> None:
    assert find(archive, name) == KEY


@pytest.mark.parametrize("name", [NW, "em-nw:NW202201223333333333", "NW202201223333333333"])
def test_a_code_of_the_back_end(archive: Path, name: str) -> None:
    assert find(archive, name) == EM.identify(NW).url_hash


class TestPosts:
    """The file of a post."""

    def test_by_its_path_in_any_spelling(
        self, archive: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (post,) = (archive.parent / "hexo" / "source" / "_posts").iterdir()
        assert find(archive, str(post)) == KEY
        monkeypatch.chdir(post.parent)
        assert find(archive, post.name) == KEY
        assert find(archive, f"source/_posts/{post.name}") == KEY

    def test_by_its_name_where_no_folder_knows_it(self, archive: Path) -> None:
        assert find(archive, "/elsewhere/2026-01-10-sina-naaaaaa0000000.md") == KEY

    def test_a_file_of_one_line_is_its_articles(self, archive: Path) -> None:
        (lines,) = (archive.parent / "jsonl" / "articles").iterdir()
        assert find(archive, str(lines)) == KEY


@pytest.mark.parametrize(
    "name",
    [
        "",
        "words",
        "https://example.org/x",
        "javascript:alert(1)",
        "https://[broken",
        "http://a b/",
        "00000000",
        "/no/such/post.md",
        "sina:unknown",
    ],
)
def test_what_nobody_knows(archive: Path, name: str) -> None:
    assert find(archive, name) is None


def test_what_the_name_would_mean_is_said_all_the_same(archive: Path) -> None:
    url = "https://finance.sina.com.cn/doc-inbbbbbb0000000.shtml?from=wap"
    with Archive.open(archive, read_only=True) as store:
        named, key = look_up(url, store, Config())
    assert key is None
    assert named.identity is not None
    assert (named.identity.key, named.rule, named.source) == (
        "sina:nbbbbbb0000000", "sina:{core}", "sina_finance",
    )  # fmt: skip
    assert named.canonical == url.partition("?")[0]


def test_a_beginning_of_two_hashes_is_not_guessed(tmp_path: Path) -> None:
    """Two addresses whose hashes begin alike: of a million one pair has eight digits."""
    seen: dict[str, int] = {}
    number = 0
    while (start := hash_url(f"https://example.org/{number}")[:8]) not in seen:
        seen[start] = number
        number += 1
    with Archive.open(tmp_path / "archive.db") as store:
        run = store.begin_run("sina_finance", {}, FIRST)
        page = [
            Found(Entry(url), SINA.identify(url), ())
            for url in (f"https://example.org/{each}" for each in (seen[start], number))
        ]
        store.discover(run, "sina_finance", "china", page, FIRST)
        with pytest.raises(AmbiguousNameError, match="2 articles"):
            look_up(start, store, Config())
