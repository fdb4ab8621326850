"""What ``newscrawl site check`` finds, one fault at a time, in sites that are otherwise right."""

from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.export.posts import CHINA
from newscrawl.sites import GENERATORS, SiteError, check_site, start_site

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=CHINA)
RIGHT = {
    "jekyll": '---\ntitle: "甲"\ndate: 2026-01-30 00:30:05 +0800\n---\n<p>乙 &#123;&#123;</p>\n',
    "hexo": "\n---\ntitle: '甲'\ndate: Thu, 29 Jan 2026 16:30:05 GMT\n---\n\n<p>乙 &#123;%</p>\n",
    "hugo": '---\ntitle: "甲"\ndate: 2026-01-30T00:30:05+08:00\n---\n<p>乙 &#123;&#123;&lt;</p>\n',
}
POSTS = {"jekyll": "_posts", "hexo": "source/_posts", "hugo": "content/posts"}
SUFFIX = {"jekyll": ".md", "hexo": ".md", "hugo": ".html"}
NAMES = tuple(RIGHT)


def site(name: str, folder: Path) -> Path:
    """Return a new site of this generator with one post that is right."""
    start_site(name, folder, base="//news.example.org", title="甲", channels={})
    add(folder, name, f"2026-01-30-a{SUFFIX[name]}", RIGHT[name])
    return folder


def add(folder: Path, name: str, file: str, text: str) -> None:
    path = folder / POSTS[name] / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def found(folder: Path) -> list[tuple[str, str]]:
    """Return file and fault of all findings."""
    return [(each.file, each.what) for each in check_site(folder, now=NOW).findings]


@pytest.mark.parametrize("name", NAMES)
def test_a_new_site_with_our_posts_has_nothing_to_mend(name: str, tmp_path: Path) -> None:
    checked = check_site(site(name, tmp_path), now=NOW)
    assert (checked.generator, checked.posts, checked.findings) == (name, 1, [])


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "what"),
    [
        ("jekyll", "_config.yml", "timezone: Asia/Shanghai", "", "timezone is missing"),
        ("jekyll", "_config.yml", "Asia/Shanghai", "UTC", "timezone is UTC"),
        ("jekyll", "_config.yml", "Asia/Shanghai", "Asia/Seoul", "timezone is Asia/Seoul"),
        ("jekyll", "_config.yml", "Asia/Shanghai", "../etc", "timezone is ../etc"),
        ("hexo", "_config.yml", "timezone: Asia/Shanghai", "timezone:", "timezone is missing"),
        ("hexo", "scripts/timezone.js", "Asia/Shanghai", "UTC", "nothing sets TZ for the build"),
        ("hexo", "scripts/timezone.js", "process", "//", "nothing sets TZ for the build"),
        ("hugo", "hugo.toml", 'timeZone = "Asia/Shanghai"', "", "timeZone is missing"),
        ("hugo", "hugo.toml", "Asia/Shanghai", "Etc/UTC", "timeZone is Etc/UTC"),
    ],
)
def test_H112_a_time_zone_that_is_missing_or_another(
    name: str, file: str, old: str, new: str, what: str, tmp_path: Path
) -> None:
    path = site(name, tmp_path) / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert found(tmp_path) == [(file, what)]


def test_a_zone_with_the_clocks_of_china_is_as_good(tmp_path: Path) -> None:
    path = site("hugo", tmp_path) / "hugo.toml"
    text = path.read_text("utf-8").replace("timeZone", "TIMEZONE")
    path.write_text(text.replace("Asia/Shanghai", "PRC"), "utf-8")
    assert found(tmp_path) == []


def test_TZ_in_the_build_command_of_hexo_is_as_good(tmp_path: Path) -> None:
    (site("hexo", tmp_path) / "scripts" / "timezone.js").unlink()
    package = tmp_path / "package.json"
    text = package.read_text("utf-8").replace('"hexo gen', '"TZ=Asia/Shanghai hexo gen')
    package.write_text(text, "utf-8")
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        *(("jekyll", file) for file in ("a.md", "_2026-01-30-b.md", ".2026-01-30-b.md")),
        *(("jekyll", file) for file in ("2026-01-30-😀.md", "#2026-01-30-b.md", "2026-01-30.md")),
        *(("hexo", file) for file in ("_b.md", ".b.md", "b?.md", "_x/b.md")),
        *(("hugo", file) for file in (".b.html", "😀.html", "#b.html", ".x/b.html")),
    ],
)
def test_J9_X8_names_that_the_generator_leaves_out(name: str, file: str, tmp_path: Path) -> None:
    add(site(name, tmp_path), name, file, RIGHT[name])
    assert found(tmp_path) == [(f"{POSTS[name]}/{file}", "it is not built")]
    assert check_site(tmp_path, now=NOW).posts == 1


BROKEN = {
    "a quote in the title": '---\ntitle: "甲"乙"\ndate: 2026-01-30 00:30:05 +0800\n---\n<p>x</p>\n',
    "no end": "---\ntitle: 甲\n<p>x</p>\n",
    "none": "<p>x</p>\n",
    "a list": "---\n- 甲\n---\n<p>x</p>\n",
    "a control character": "---\ntitle: 甲\x07\n---\n<p>x</p>\n",
    "a nest without end": f"---\ntitle: {'[' * 20000}\n---\n<p>x</p>\n",
    "a number without end": f"---\ntitle: {'1' * 5000}\n---\n<p>x</p>\n",
    "empty": "---\n---\n<p>x</p>\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", NAMES)
def test_H101_front_matter_that_cannot_be_read(name: str, text: str, tmp_path: Path) -> None:
    file = f"2026-01-30-b{SUFFIX[name]}"
    add(site(name, tmp_path), name, file, text)
    ((where, what),) = found(tmp_path)
    assert where == f"{POSTS[name]}/{file}"
    assert what.startswith("broken front matter: ")


def test_X1_a_line_before_the_front_matter_is_hexos_alone(tmp_path: Path) -> None:
    add(site("jekyll", tmp_path), "jekyll", "2026-01-30-b.md", "\n" + RIGHT["jekyll"])
    ((_, what),) = found(tmp_path)
    assert what == "broken front matter: something stands before the first ---"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = site("hugo", tmp_path) / "content" / "posts" / "b.html"
    path.write_bytes(b"---\ntitle: \xb0\xa1\n---\n")
    ((_, what),) = found(tmp_path)
    assert what == "broken front matter: it is not UTF-8 (byte 11)"


@pytest.mark.parametrize("date", ["Invalid Date", "", "2026-02-30", " +0800", "[2026]"])
@pytest.mark.parametrize("name", NAMES)
def test_C5_a_date_that_is_none(name: str, date: str, tmp_path: Path) -> None:
    file = f"2026-01-30-b{SUFFIX[name]}"
    add(site(name, tmp_path), name, file, f"---\ntitle: 甲\ndate: {date}\n---\n<p>x</p>\n")
    ((where, what),) = found(tmp_path)
    assert where == f"{POSTS[name]}/{file}"
    assert "no date" in what


def test_H111_dates_in_the_future(tmp_path: Path) -> None:
    why = {}
    for name in NAMES:
        text = "---\ntitle: 甲\ndate: 2026-01-31 12:00:01 +0800\n---\n<p>x</p>\n"
        add(site(name, tmp_path / name), name, f"2026-01-31-b{SUFFIX[name]}", text)
        (finding,) = check_site(tmp_path / name, now=NOW).findings
        assert finding.what.startswith("dated in the future")
        why[name] = finding.why
    assert "leaves it out" in why["jekyll"]
    assert "leaves it out" in why["hugo"]
    assert "above all others" in why["hexo"]


@pytest.mark.parametrize(
    ("name", "date", "why"),
    [
        ("jekyll", "2026-01-30 00:30:05", "eight hours late"),
        ("hexo", "2026-01-30T00:30:05+08:00", "eight hours early"),
        ("hugo", "Thu, 29 Jan 2026 16:30:05 GMT", "eight hours early"),
    ],
)
def test_J3_X6_dates_that_are_shown_as_another_time(
    name: str, date: str, why: str, tmp_path: Path
) -> None:
    file = f"2026-01-30-b{SUFFIX[name]}"
    add(site(name, tmp_path), name, file, f"---\ntitle: 甲\ndate: {date}\n---\n<p>x</p>\n")
    (finding,) = check_site(tmp_path, now=NOW).findings
    assert why in finding.why


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("jekyll", text) for text in ("{{ site.title }}", "{% foo %}", "{%")),
        *(("hexo", text) for text in ("{{ x }}", "{% endraw %}", "{# x #}")),
        *(("hugo", text) for text in ("{{< x >}}", "{{% x %}}")),
    ],
)
def test_H104_text_that_the_generator_takes_for_a_command(
    name: str, text: str, tmp_path: Path
) -> None:
    file = f"2026-01-30-b{SUFFIX[name]}"
    add(site(name, tmp_path), name, file, RIGHT[name] + f"<p>一</p>\n<p>{text}</p>\n")
    (finding,) = check_site(tmp_path, now=NOW).findings
    lines = (tmp_path / finding.file).read_text("utf-8").splitlines()
    assert text in lines[finding.line - 1]
    assert finding.what.startswith("unescaped braces: ")


def test_braces_that_mean_nothing_to_a_generator_are_left_alone(tmp_path: Path) -> None:
    add(site("hugo", tmp_path), "hugo", "b.html", RIGHT["hugo"] + "<p>{{ x }} {% y %}</p>\n")
    text = RIGHT["jekyll"].replace("title", "render_with_liquid: false\ntitle")
    add(site("jekyll", tmp_path / "j"), "jekyll", "2026-01-30-b.md", text + "{% x %}\n")
    assert found(tmp_path) == found(tmp_path / "j") == []


@pytest.mark.parametrize("key", ["published: false", "draft: true"])
@pytest.mark.parametrize("name", NAMES)
def test_drafts_are_left_out(name: str, key: str, tmp_path: Path) -> None:
    text = RIGHT[name].replace("title:", f"{key}\ntitle:", 1)
    add(site(name, tmp_path), name, f"2026-01-30-b{SUFFIX[name]}", text)
    expected = (key == "draft: true") == (name == "hugo")
    assert [what for _, what in found(tmp_path)] == ["it is a draft"] * expected


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        ("jekyll", "2026-01-29-a.md", RIGHT["jekyll"]),
        ("jekyll", "2026-01-30-a.markdown", RIGHT["jekyll"]),
        ("jekyll", "2026-01-30-b.md", RIGHT["jekyll"].replace("title", "slug: a\ntitle")),
        ("hexo", "2026-01-30-a.html", RIGHT["hexo"]),
        ("hugo", "2026-01-30-A.html", RIGHT["hugo"]),
        ("hugo", "2026-01-30-a.md", RIGHT["hugo"].replace("<p>", "").replace("</p>", "")),
        ("hugo", "b.html", RIGHT["hugo"].replace("title", "slug: 2026-01-30-A\ntitle")),
    ],
)
def test_C4_two_posts_with_one_address(name: str, file: str, text: str, tmp_path: Path) -> None:
    add(site(name, tmp_path), name, file, text)
    ((_, what),) = found(tmp_path)
    assert what.startswith("the same address as ")


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        ("jekyll", "2026-01-30-A.md", RIGHT["jekyll"]),
        ("jekyll", "2026-01-30-b.md", RIGHT["jekyll"]),
        ("hexo", "2026-01-30-A.md", RIGHT["hexo"]),
        ("hexo", "sub/2026-01-30-a.md", RIGHT["hexo"]),
        ("hugo", "sub/2026-01-30-a.html", RIGHT["hugo"]),
    ],
)
def test_posts_with_addresses_of_their_own(name: str, file: str, text: str, tmp_path: Path) -> None:
    add(site(name, tmp_path), name, file, text)
    assert found(tmp_path) == []


def test_a_pattern_that_is_not_known_claims_no_duplicate(tmp_path: Path) -> None:
    path = site("jekyll", tmp_path) / "_config.yml"
    text = path.read_text("utf-8").replace("permalink: date", "permalink: /:unheard/")
    path.write_text(text, "utf-8")
    add(tmp_path, "jekyll", "2026-01-30-b.md", RIGHT["jekyll"])
    assert found(tmp_path) == []


def test_html_in_markdown_is_lost_unless_hugo_is_told(tmp_path: Path) -> None:
    add(site("hugo", tmp_path), "hugo", "b.md", RIGHT["hugo"])
    add(tmp_path, "hugo", "c.md", RIGHT["hugo"])
    assert found(tmp_path) == [("content/posts/b.md", "HTML in markdown, and 1 more")]
    with (tmp_path / "hugo.toml").open("a") as file:
        file.write("\n[markup.goldmark.renderer]\nunsafe = true\n")
    assert found(tmp_path) == []


def test_H113_more_posts_than_jekyll_builds_in_a_minute(tmp_path: Path) -> None:
    site("jekyll", tmp_path)
    for number in range(1000):
        add(tmp_path, "jekyll", f"2026-01-30-n{number}.md", RIGHT["jekyll"])
    (finding,) = check_site(tmp_path, now=NOW).findings
    assert finding.what == "1001 posts"
    assert "--window" in finding.advice


def test_old_posts_that_jekyll_would_build_again(tmp_path: Path) -> None:
    path = site("jekyll", tmp_path) / "_config.yml"
    (tmp_path / "old_post").mkdir()
    assert found(tmp_path) == []
    path.write_text(path.read_text("utf-8").replace("[old_post]", "[]"), "utf-8")
    assert found(tmp_path) == [("_config.yml", "old_post is not excluded")]


@pytest.mark.parametrize("name", NAMES)
def test_a_configuration_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    site(name, tmp_path)
    file = "hugo.toml" if name == "hugo" else "_config.yml"
    (tmp_path / file).write_text("title = = :\n - [", "utf-8")
    ((where, what),) = found(tmp_path)
    assert where == file
    assert what.startswith("the configuration cannot be read: ")


def test_a_site_without_configuration_is_recognised_by_its_posts(tmp_path: Path) -> None:
    (tmp_path / "source" / "_posts").mkdir(parents=True)
    checked = check_site(tmp_path, now=NOW)
    assert checked.generator == "hexo"
    assert [each.file for each in checked.findings] == ["_config.yml", "scripts/timezone.js"]


def test_a_folder_that_is_no_site_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no site of"):
        check_site(tmp_path)
    with pytest.raises(SiteError, match="no such folder"):
        check_site(tmp_path / "x")


def test_every_generator_is_covered() -> None:
    assert set(GENERATORS) == set(NAMES)
