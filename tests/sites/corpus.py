"""Articles that have broken sites before, and a few thousand that nobody would think of."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from newscrawl.archive import StoredArticle
from newscrawl.cleaning.body import clean_fragment
from newscrawl.cleaning.noise import Noise
from newscrawl.cleaning.text import plain
from newscrawl.export.posts import CHINA
from tests.export.builders import stored
from tests.sites.bodies import BODIES
from tests.sites.examples import Example, drawn

EXAMPLES = 2500
BASE = "https://finance.example.com/a/1.html"
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


@dataclass
class Corpus:
    """Articles with a body of their own each; the first has something of everything.

    must_show: identity -> a text that its page must show. flash: the flash news among them.
    examples: identity -> index of the example that was drawn for it.
    """

    articles: list[StoredArticle] = field(default_factory=list)
    must_show: dict[str, str] = field(default_factory=dict)
    flash: set[str] = field(default_factory=set)
    examples: dict[str, int] = field(default_factory=dict)

    def add(self, raw: str = "<p>　　示例正文。</p>", **fields: object) -> str:
        """Add one more article and return its identity."""
        self.articles.append(article(len(self.articles) + 1, raw, **fields))
        return self.articles[-1].article.identity or ""

    def add_example(self, index: int, example: Example) -> str:
        """Add an article of drawn texts and return its identity.

        Every second one is flash news, the form with a digest; every tenth has a medium of
        its own, each of which is a page more to build.
        """
        if not clean_fragment(example.body, base_url=BASE, noise=Noise()).html:
            example = replace(example, body=f"<p>始</p>{example.body}")
        identity = self.add(
            example.body,
            title=example.title if plain(example.title) else "题",
            original_title=example.digest,
            editor=example.media,
            summary=f"【示例】{example.digest}",
            **{"media": example.media} if index % 10 == 0 else {},
        )
        self.examples[identity] = index
        if index % 2:
            self.flash.add(identity)
        return identity

    def told(self, each: StoredArticle) -> str:
        """Return an article in words, for a report."""
        index = self.examples.get(each.article.identity or "")
        if index is None:
            return f"{each.article.title!r}: {each.article.body_html!r}"
        return f"example {index} (see shrink.py): {drawn(EXAMPLES)[index]}"


def corpus() -> Corpus:
    """Return all that has broken a site before, and what Hypothesis drew."""
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
    for index, example in enumerate(drawn(EXAMPLES)):
        made.add_example(index, example)
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
    datetime(2022, 1, 22, 0, 0, 0, tzinfo=CHINA),
    datetime(2022, 1, 21, 23, 59, 59, tzinfo=CHINA),
    datetime(2022, 1, 1, 0, 0, 0, tzinfo=CHINA),
    datetime(2021, 12, 31, 23, 59, 59, tzinfo=CHINA),
    datetime(2022, 1, 1, 7, 59, 59, tzinfo=CHINA),  # still the old year in UTC
    datetime(2022, 1, 1, 8, 0, 0, tzinfo=CHINA),
    datetime(2022, 1, 1, 12, 59, 59, tzinfo=CHINA),  # still the old year in New York
    datetime(2022, 1, 1, 13, 0, 0, tzinfo=CHINA),
    datetime(2020, 2, 29, 7, 59, 59, tzinfo=CHINA),
    datetime(2022, 3, 13, 15, 30, 0, tzinfo=CHINA),  # an hour that New York does not have
    datetime(2022, 11, 6, 13, 30, 0, tzinfo=CHINA),  # one that it has twice
]
ZONES = ["UTC", "Asia/Shanghai", "America/New_York"]
