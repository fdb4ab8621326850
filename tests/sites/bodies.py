"""Bodies that broke sites: every row of document-format 7.1, and more of their kind."""

BODIES = {
    # name: (raw HTML of the publisher, a text that its page must show, or None)
    "everything": (
        '<p>甲<b>乙</b><a href="/x">丙</a><img src="/y.png" alt="丁"></p><pre>a\n  b</pre>',
        "甲乙丙",
    ),
    "sample": ("<p>　　示例正文。</p><p>　　第二段：7.72%。</p>", "第二段：7.72%。"),
    "liquid value": (
        "<p>{{ site.title }} {{ x }} {{ 1+1 }}</p>",
        "{{ site.title }} {{ x }} {{ 1+1 }}",
    ),
    "liquid tag": ("<p>{% if true %}a{% endif %}</p>", "{% if true %}a{% endif %}"),
    "unknown tag": (
        "<p>{% foo %} {% include x %} {% endraw %}</p>",
        "{% foo %} {% include x %} {% endraw %}",
    ),
    "raw": ("<p>{% raw %}x{% endraw %}</p>", "{% raw %}x{% endraw %}"),
    "never closed tag": ("<p>a {% b</p>", "a {% b"),
    "never closed value": ("<p>a {{ b</p>", "a {{ b"),
    "nunjucks comment": ("<p>{# x #}</p>", "{# x #}"),
    "short codes": ("<p>{{&lt; x &gt;}} {{% x %}}</p>", "{{< x >}} {{% x %}}"),
    "nunjucks constructor": (
        '<p>{{ "".constructor.constructor("return process")().exit(3) }}</p>',
        '{{ "".constructor.constructor("return process")().exit(3) }}',
    ),
    "braces in values": (
        '<p><a href="/{{x}}" title="{% t %}">t</a><img src="/{%y.png" alt="{{ a }}"></p>',
        "t",
    ),
    "style": ("<style>p{color:red}</style><p>a</p><script>if(1){x()}</script>", "a"),
    "blank lines": (
        "<div>a\n\n* b\n\n1. c\n\n# d\n\n> e\n\n| f | g |\n\n---\n\n```\nh\n```\n\n</div>",
        "* b 1. c # d > e | f | g | --- ``` h ```",
    ),
    "blank line and indent": ("<p>a</p>\n\n    <p>b</p>\n\n\t<p>c</p>", "b c"),
    "fence": ("<div>\n```\ncode\n```\n~~~\nmore\n~~~\n</div>", "``` code ``` ~~~ more ~~~"),
    "line ends in a value": ('<p><img src="/a.png" alt="a\n\n    b"> c</p>', "c"),
    "blocks on one line": ("<p>a</p>\t<p>b</p>        <div>c</div>    <ul><li>d</ul>", "b c d"),
    "rule": ("<p>a</p>\n---\n<p>b</p>", "--- b"),
    "front matter": ("---\ntitle: x\n---\n<p>b</p>", "--- title: x --- b"),
    "bare text": ('*a* "x" 2022. b\n<br>- c\n<br>_d_ `e`', '*a* "x" 2022. b - c _d_ `e`'),
    "open div": ("<div><p>a", "a"),
    "open cells": ("<table><tr><td>a<td>b</table><p>c<p>d", "c d"),
    "mis-nested": ("<p><b>a<i>b</b>c</i></p>", "abc"),
    "stray end": ("<p>a</p></div></div><p>b</p></body></html><p>c</p>", "c"),
    "open comment": ("<p>a</p><!-- b <p>c</p>", "a"),
    "more": ("<p>a</p><!-- more --><p>b</p><!--more--><p>c</p>", "b"),
    "swig place holder": ("<p>&lt;!--swig\ufffc0--&gt;</p>", "<!--swig0-->"),
    "elements that go": (
        "<p>a</p><textarea>t</textarea><svg><path></svg><![CDATA[x]]><!DOCTYPE x><p>b</p>",
        "b",
    ),
    "office": ("<p>a<o:p>b</o:p></p>", "ab"),
    "markdown definitions": (
        "<p>a</p>\n\n[^1]\n\n[a]: http://b\n\n*[H]: x\n\n{:toc}\n",
        "[^1] [a]: http://b *[H]: x {:toc}",
    ),
    "references": ("<p>&nbsp;&lt;b&gt;&amp;lt; A&B AT&T</p>", "<b>&lt; A&B AT&T"),
    "inline markdown": (
        "<p>*a* _b_ `c` $$x$$ \\* -- ... \"q\" 'r' http://a.b</p>",
        "$$x$$ \\* -- ...",
    ),
    "emoji and zero width": ("<p>😀\u200b甲</p>", "😀\u200b甲"),
    "long line": ("<p>" + "长" * 200_000 + "</p>", None),
    "deep": ("<div>" * 400 + "a" + "</div>" * 400, "a"),
    "controls": ("<p>a\x00\x08\x1b\ufffeb</p>", "ab"),
    "preformatted": (
        "<pre>\n\n  a {\n\n\n    b\n \t\n}\n\n</pre><p>x</p>"
        "<pre><code>\n{{ y }}\n\n```\n</code></pre>",
        "{{ y }}",
    ),
    "lists and tables": (
        "<ul><li>a<li>b<ol><li>c</ol></ul><table><tr><th>甲</th></tr><tr><td>1|2</td></tr></table>"
        "<blockquote>q</blockquote><h2>h</h2><hr><figure><img src=/f.png></figure>",
        "1|2",
    ),
    "ends in a list": ("<p>a</p><ul><li>b</li></ul>", "b"),
    "ends in preformatted": ("<p>a</p><pre>b\n\nc</pre>", "b"),
    "links and images": (
        "<p><a href='/x?a=1&amp;b=(2)|3'>l</a>"
        "<img src='//i.example.com/a b.jpg' alt='' title='\"'></p>"
        "<div class=img_wrapper><img src='../c.png'><span>说明</span></div>",
        "说明",
    ),
    "full-width indents only": (
        "<p>a<br>\n　　\n<br>b</p><p>　　</p><pre>　　\n　　\nx</pre>",
        "a",
    ),
    "line ends": ("<p>a\r\nb\rc   </p>  \r\n\r\n  <p>d</p>\ufeff", "a b c d"),
    "hostile": (
        '<p onclick="x()">a<a href="java\tscript:alert(1)">l</a><img src=x onerror=alert(1)></p>'
        "<script>alert(1)</script><iframe src='//e'></iframe>",
        "al",
    ),
}
