"""Articles that have broken sites before, and a few thousand that nobody would think of."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.body import clean_fragment
from newscrawl.cleaning.noise import Noise
from newscrawl.export.posts import CHINA
from tests.export.builders import stored
from tests.sites.bodies import BODIES

TITLES = [
    *("a: b", "#x", '"q"', "it's", "- x", "@x", "%x", "---", "|", ">", "!tag", "*a", "&a", "null"),
    *("yes", "Off", "1e3", "1,000", "12:30", "0777", "2026-01-02", "~", "C:\\new", "尾\\", "\\\\"),
    *("{{ site.title }}", "{% include x %}", "{# x #}", "{{< x >}}", "{% raw %}", "{{"),
    *("<script>alert(1)</script>", '"><img src=x onerror=x>', "&amp; &lt;b&gt; &", "<!-- more -->"),
    *("😀🀄", "/", "..", "CON", "a/b\\c?d*e", "‘’“”…—", "a\tb\nc\u2028d\u0085e\ufefff\x00g"),
    *(
        "  甲　乙  丙 ",
        "长" * 300,
        "长" * 5000,
        "[link](x) *b* `c`",
        "true",
        "''",
        '""',
        "\u202e甲",
    ),
]
MEDIA = [
    *(
        "示例证券报·示例证券网",
        "甲报 乙APP",
        "2022",
        "null",
        "A/B: c",
        "甲]乙*丙`|丁",
        "(甲",
        "C++",
        "C#",
    ),
    *(
        "<b>甲</b>",
        "甲\"乙'",
        "{{ x }}",
        "甲...乙--丙",
        "乙" * 120,
        "!!!",
        "@甲",
        "IT之家",
        "甲~乙_丙_丁",
    ),
    *(
        "../../etc",
        "a\x00b",
        "%2e%2e",
        "$x$",
        "示例（香港）",
        "安信(香港)",
        "甲，乙；丙",
        "é",
        "yes",
    ),
]
DIGESTS = [
    *('"涨"', "a--b", "等...", "<<a>>", "100*200*300", "a | b", "2022. 甲", "10) 甲", "$$x$$"),
    *(
        "~~a~~",
        "# 甲",
        "+ 甲",
        "- 甲",
        "> 甲",
        "http://a.example.com/ 甲",
        "甲 :toc 乙::丙",
        "{:.x}",
    ),
    *(
        "{{ x }} {% y %}",
        "\\*甲\\*",
        "[甲](乙)",
        "![甲](乙)",
        "*[H]: x",
        "[^1]: 甲",
        "'甲'乙'",
        "`甲`",
    ),
    *(
        "甲&amp;乙 & <b>",
        "=甲",
        "甲  乙",
        "HFO-1234yf(四氟丙烯) 7.72%",
        "1.1.1 甲",
        "%甲",
        "!甲",
        "^甲^",
    ),
    *(": 甲", "--- 甲", "=== 甲", "{甲}", "甲_乙_丙", "~~~ 甲", "<http://a>", "| a | b |", "甲\\"),
]
_TOKENS = [
    *(
        "甲",
        "乙，",
        "。",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n    ",
        "\t",
        "　　",
        "a",
        "B",
        "1.",
        "*",
        "**",
        "_",
    ),
    *(
        "`",
        "```",
        "~~~",
        "#",
        "# ",
        "> ",
        "- ",
        "+ ",
        "|",
        "---",
        "===",
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
    ),
    *(
        "#}",
        "{",
        "}",
        "{{ x }}",
        "{% raw %}",
        "{% endraw %}",
        "{:.a}",
        "[^1]",
        "[a]: b",
        "[a](b)",
        "$$",
    ),
    *(
        "&amp;",
        "&lt;",
        "&gt;",
        "&",
        "&nbsp;",
        "&#123;",
        "\\",
        '"',
        "'",
        "...",
        "--",
        "<<",
        "http://a.b",
    ),
    *(
        "<!-- more -->",
        "<!--",
        "-->",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
    ),
    *(
        "<br>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<ul><li>",
        "</ul>",
        "<table><tr><td>",
        "</table>",
    ),
    *(
        "<h2>",
        "</h2>",
        "<blockquote>",
        "</blockquote>",
        "<hr>",
        "<o:p>",
        "😀",
        "\u200b",
        "\ufffc",
        "\x0c",
    ),
    *(
        '<img src="/a.png" alt="{{ 1 }}">',
        "<img src='//x.example.com/甲.png'>",
        '<a href="/b?c={%">',
    ),
    *(
        "{{&lt; x &gt;}}",
        "{{% x %}}",
        "{{&lt;",
        "{{&lt;/* x */&gt;}}",
        "%}}",
        "&gt;}}",
        "&amp;lt;",
        "<b title='{{&lt; y &gt;}}'>",
        "<!--more-->",
        "<li>",
        "<td>",
        "<p title='\n\n# a'>",
        "<img src='//x.example.com/{{% a %}}.png' alt='`b`' title='*c*'>",
    ),
    *(
        "</a>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "</div></div>",
        "<center>",
        "\u2028",
        "\x85",
    ),
]


def article(number: int, raw: str, **fields: object) -> StoredArticle:
    """Return an article whose body is ``raw`` after the cleaning that every article gets."""
    url = f"https://finance.example.com/a/{number}.html"
    body = clean_fragment(raw, base_url=url, noise=Noise())
    defaults: dict[str, object] = {
        "identity": f"sina:x{number}",
        "url": url,
        "title": f"第{number}篇",
        "published_at": datetime(2021, 12, 1, tzinfo=CHINA) + timedelta(seconds=2221 * number),
        "body_html": body.html,
        "body_text": body.text,
        "images": list(body.images),
    }
    return stored(number, **(defaults | fields))


def generated(number: int, seed: int = 20260101) -> Iterator[tuple[str, str]]:
    """Yield raw bodies and titles of random tokens that mean something to a generator."""
    chance = random.Random(seed)
    for _ in range(number):
        body = "".join(chance.choices(_TOKENS, k=chance.randint(1, 60)))
        title = "".join(chance.choices(_TOKENS, k=chance.randint(1, 12)))
        yield f"<p>始</p>{body}", f"题{title}"


@dataclass
class Corpus:
    """Articles with a body of their own each.

    must_show: identity -> a text that its page must show. flash: the flash news among them.
    """

    articles: list[StoredArticle] = field(default_factory=list)
    must_show: dict[str, str] = field(default_factory=dict)
    flash: set[str] = field(default_factory=set)

    def add(self, raw: str = "<p>　　示例正文。</p>", **fields: object) -> str:
        """Add one more article and return its identity."""
        self.articles.append(article(len(self.articles) + 1, raw, **fields))
        return self.articles[-1].article.identity or ""


def corpus(random_bodies: int = 2500) -> Corpus:
    """Return all that has broken a site before, and so many bodies and titles at random."""
    made = Corpus()
    for raw, text in BODIES.values():
        identity = made.add(raw)
        if text:
            made.must_show[identity] = text
    for title in TITLES:
        made.add(title=title, original_title=title, editor=title[:40])
    for media in MEDIA:
        made.add(media=media)
    made.flash |= {made.add(summary=f"【示例】{digest}", media=None) for digest in DIGESTS}
    for raw, title in generated(random_bodies):
        made.add(raw, title=title, summary=title)
    return made


NAMES = [
    *("@甲", "* 甲", "% 甲", "`甲`", "! 甲", "> 甲", "| 甲", "#x", "~", "null", "甲: 乙", "1e3"),
    *(
        "2022-01-01",
        "it's",
        '"q"',
        "C:\\new",
        "甲 乙",
        "true",
        "{{ x }}",
        "<b>",
        "../甲",
        "a/b",
        "..",
    ),
]
"""Names of categories, tags and people that YAML or an address could take for something else."""
NIGHTS = [
    datetime(2022, 1, 22, 0, 30, 5, tzinfo=CHINA),
    datetime(2022, 1, 21, 23, 59, 59, tzinfo=CHINA),
    datetime(2022, 1, 1, 0, 0, 0, tzinfo=CHINA),
    datetime(2021, 12, 31, 23, 59, 59, tzinfo=CHINA),
    datetime(2020, 2, 29, 7, 59, 59, tzinfo=CHINA),
    datetime(2022, 3, 13, 15, 30, 0, tzinfo=CHINA),  # an hour that New York does not have
    datetime(2022, 11, 6, 13, 30, 0, tzinfo=CHINA),  # one that it has twice
]
ZONES = ["UTC", "Asia/Shanghai", "America/New_York"]
