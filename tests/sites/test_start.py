"""A new site: what is written, and what never is."""

import json
import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import yaml

from newscrawl.export import ExportError
from newscrawl.sites import GENERATORS, SiteError, Started, start_site

NAMES = tuple(GENERATORS)
CHANNELS = {"flashes": "快讯：甲"}
TITLE = '甲 "乙" \\n <b>: {{ x }}'


def start(generator: str, folder: Path, **options: object) -> Started:
    given: dict[str, object] = {"base": "//news.example.org", "title": TITLE, "channels": CHANNELS}
    return start_site(generator, folder, **(given | options))  # type: ignore[arg-type]


def configuration(folder: Path) -> dict[str, object]:
    """Return the configuration of a site, read by a parser of its form."""
    toml = folder / "hugo.toml"
    if toml.exists():
        return tomllib.loads(toml.read_text("utf-8"))
    read: dict[str, object] = yaml.safe_load((folder / "_config.yml").read_text("utf-8"))
    return read


@pytest.mark.parametrize("generator", NAMES)
def test_the_name_of_the_site_is_read_back_exactly(generator: str, tmp_path: Path) -> None:
    start(generator, tmp_path / "site")
    assert configuration(tmp_path / "site")["title"] == TITLE


@pytest.mark.parametrize(
    ("base", "origin", "path"),
    [
        ("//news.example.org", "https://news.example.org", ""),
        ("//news.example.org/甲/b", "https://news.example.org", "/甲/b"),
        ("http://127.0.0.1:8000/news/", "http://127.0.0.1:8000", "/news"),
    ],
)
def test_addresses_are_those_that_the_posts_link_to(
    base: str, origin: str, path: str, tmp_path: Path
) -> None:
    for name in NAMES:
        start(name, tmp_path / name, base=base)
    jekyll, hexo, hugo = (configuration(tmp_path / name) for name in NAMES)
    assert (jekyll["url"], jekyll["baseurl"]) == (origin, path)
    assert (hexo["url"], hexo["root"]) == (f"{origin}{path}/", f"{path}/")
    assert hugo["baseURL"] == f"{origin}{path}/"


@pytest.mark.parametrize(
    "base", ["", "news.example.org", "ftp://a.example", "//", "//a:b/", "//a b"]
)
@pytest.mark.parametrize("generator", NAMES)
def test_a_base_that_is_no_address_is_refused(generator: str, base: str, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no base of a site"):
        start(generator, tmp_path / "site", base=base)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("generator", NAMES)
def test_H114_what_stands_there_is_never_overwritten(generator: str, tmp_path: Path) -> None:
    first = start(generator, tmp_path)
    assert first.kept == []
    mine = tmp_path / first.written[0]
    mine.write_text("mine", "utf-8")
    (tmp_path / first.written[-1]).unlink()
    second = start(generator, tmp_path, title="another")
    assert second == Started(first.written[-1:], first.written[:-1])
    assert mine.read_text("utf-8") == "mine"


@pytest.mark.parametrize("generator", NAMES)
def test_H120_nothing_is_written_through_a_link(generator: str, tmp_path: Path) -> None:
    outside, site = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    site.mkdir()
    first = start(generator, tmp_path / "plan", dry_run=True).written
    folder = next(path.parts[0] for path in first if len(path.parts) > 1)
    (site / folder).symlink_to(outside)
    with pytest.raises(ExportError, match="symbolic link"):
        start(generator, site)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("generator", NAMES)
def test_a_dry_run_says_the_same_and_writes_nothing(generator: str, tmp_path: Path) -> None:
    planned = start(generator, tmp_path / "site", dry_run=True)
    assert list(tmp_path.iterdir()) == []
    assert start(generator, tmp_path / "site") == planned


def test_a_folder_of_posts_becomes_a_site_and_one_of_another_generator_does_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "source" / "_posts").mkdir(parents=True)
    start("hexo", tmp_path)
    with pytest.raises(SiteError, match="site of hexo"):
        start("jekyll", tmp_path)


def test_J5_every_flash_channel_has_the_page_that_its_posts_link_to(tmp_path: Path) -> None:
    start("jekyll", tmp_path)
    page = (tmp_path / "flashes" / "index.html").read_text("utf-8")
    assert yaml.safe_load(page.split("---\n")[1]) == {
        "layout": "category",
        "title": "快讯：甲",
        "category": "flashes",
    }


@pytest.mark.parametrize("generator", NAMES)
def test_H97_every_page_has_the_policy_that_lets_no_script_of_an_article_run(
    generator: str, tmp_path: Path
) -> None:
    started = start(generator, tmp_path)
    heads = [
        text
        for path in started.written
        if path.suffix in (".html", ".ejs")
        and "<head>" in (text := (tmp_path / path).read_text("utf-8"))
    ]
    (head,) = heads
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', head)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("img-src") == "'self' https:"
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}
    assert '<meta name="referrer" content="no-referrer">' in head
    assert '<html lang="zh-CN">' in head
    assert "<script>" not in head


@pytest.mark.parametrize("generator", NAMES)
def test_no_template_loads_anything_from_elsewhere(generator: str, tmp_path: Path) -> None:
    started = start(generator, tmp_path)
    for path in started.written:
        text = (tmp_path / path).read_text("utf-8")
        for address in re.findall(r"(?:https?:)?//[a-z][\w.]+", text):
            names = ("//news.example.org", "//www.w3.org")
            assert address.removeprefix("https:").removeprefix("http:") in names, path


def test_hexo_is_asked_for_in_the_versions_that_are_tested(tmp_path: Path) -> None:
    start("hexo", tmp_path)
    wanted = json.loads((tmp_path / "package.json").read_text("utf-8"))["dependencies"]
    lock = Path(__file__).parent / "hexo" / "package-lock.json"
    tested = json.loads(lock.read_text("utf-8"))["packages"]
    wanted.pop("hexo-server")  # only for looking at the site at home
    assert {name: tested[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_the_templates_of_all_generators_show_with_the_same_files(tmp_path: Path) -> None:
    for name, generator in GENERATORS.items():
        start(name, tmp_path / name)
        for asset in ("site.css", "search.js", "icon.svg"):
            assert (tmp_path / name / generator.assets / PurePosixPath(asset)).is_file()
