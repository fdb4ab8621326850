"""New sites, built by the real generators with odd posts: `site check` foresees each page."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from newscrawl.sites import check_site
from newscrawl.sites.addresses import address
from newscrawl.sites.generators import GENERATORS
from newscrawl.sites.posts import dropped
from newscrawl.sites.reading import read_post
from newscrawl.sites.settings import read_settings
from tests.sites.builders import BUILDERS, begin

pytestmark = [pytest.mark.slow, pytest.mark.sites]

DATES = {
    "jekyll": ("2022-01-22 00:30:05 +0800", "2021-12-31 16:00:00 +0000"),
    "hexo": ("Fri, 21 Jan 2022 16:30:05 GMT", "Fri, 31 Dec 2021 16:00:00 GMT"),
    "hugo": ("2022-01-22T00:30:05+08:00", "2021-12-31T16:00:00Z"),
}
COMMON = [
    "2022-01-22-a",
    "2022-01-22-A2",
    "2022-01-22-甲 乙",
    "2022-01-22-c++&(x)",
    "2022-01-22-d.e_f",
]
ODD = {
    "jekyll": [
        *COMMON,
        "2022-01-22-x#y%z",
        "2022-1-2-day",
        "no-day",
        "_2022-01-22-q",
        "2022-01-22-甲-",
    ],
    "hexo": [*COMMON, "sub/2022-01-22-a", "_q", ".q", "甲"],
    "hugo": [*COMMON, "sub/2022-01-22-a", "x#y", "甲：乙", ".q", "a--b"],
}
FRONT = {
    "jekyll": [
        "categories: 甲·乙",
        "categories: [A b, C/d]",
        "slug: Über x",
        "permalink: /own/:title/",
    ],
    "hexo": ["permalink: own/page/"],
    "hugo": ["slug: Own Slug", "url: /Own/Page/"],
}


def titles(output: Path) -> dict[str, str]:
    """Return the file of the page of every article, by its title."""
    found: dict[str, str] = {}
    for file in output.rglob("*.html"):
        heading = BeautifulSoup(file.read_text("utf-8"), "html.parser").select_one("article h1")
        if heading:
            assert heading.get_text() not in found
            found[heading.get_text()] = str(file.relative_to(output))
    return found


@pytest.mark.parametrize("name", GENERATORS)
def test_H109_C4_pages_stand_where_the_check_says_and_nowhere_else(
    name: str, tmp_path: Path
) -> None:
    generator, site = BUILDERS[name](), begin(name, tmp_path / "site")
    suffix = ".html" if name == "hugo" else ".md"
    posts = site / GENERATORS[name].posts / ("posts" if name == "hugo" else "")
    files = [(stem, "") for stem in ODD[name]]
    files += [(f"2022-01-22-own{n}", line) for n, line in enumerate(FRONT[name])]
    for number, (stem, line) in enumerate(files):
        path = posts / f"{stem}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        date = DATES[name][number % 2]
        text = f"---\ntitle: 第{number}篇\ndate: {date}\n{line}\n---\n<p>甲</p>\n"
        path.write_text(text, "utf-8")
    generator.build(site, "America/New_York")
    settings, findings = read_settings(site, GENERATORS[name])
    assert findings == []
    expected = {}
    for number, (stem, _) in enumerate(files):
        file = posts / f"{stem}{suffix}"
        path = file.relative_to(site / GENERATORS[name].posts)
        if not dropped(path, GENERATORS[name]):
            where = address(read_post(file, path, name), settings)
            expected[f"第{number}篇"] = f"{where}index.html" if where.endswith("/") else where
    assert titles(site / generator.output) == expected
    assert {each.what for each in check_site(site).findings} <= {"it is not built"}


@pytest.mark.parametrize("name", GENERATORS)
def test_a_site_without_posts_builds_and_says_so(name: str, tmp_path: Path) -> None:
    generator, site = BUILDERS[name](), begin(name, tmp_path / "site")
    generator.build(site)
    pages = [
        page for page in (site / generator.output).rglob("index.html") if page.parent.name != "1"
    ]
    assert {page.parent.name for page in pages} >= {"categories", "search"}
    for page in pages:
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        assert soup.select_one("a.brand")
