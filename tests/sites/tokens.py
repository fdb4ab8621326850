"""What means something to a template, to markdown, to HTML or to YAML: examples are made of it."""


def _words(text: str) -> list[str]:
    return text.split()


TEMPLATES = (
    *_words("{{ }} {% %} {# #} { } {{x}} {%x%} {%raw%} {%endraw%} {{&lt; %}} &gt;}} &#123; {:.a}"),
    *("{{ x }}", "{% raw %}", "{% endraw %}", "{% include x %}", "{{ site.title }}", "{# x #}"),
    *("{{&lt; x &gt;}}", "{{&lt;/* x */&gt;}}", "{{% x %}}", "{{- x -}}", "{%- if x -%}"),
    *("<!-- more -->", "<!--more-->", "<b title='{{&lt; y &gt;}}'>", '<a href="/b?c={%">'),
    *('<img src="/a.png" alt="{{ 1 }}">', "&lt;!--swig\ufffc0--&gt;", "[% x %]", "<%= x %>"),
)
"""Liquid (Jekyll), Nunjucks (Hexo), short codes (Hugo), and marks of their own."""
MARKDOWN = (
    *_words("1. 2) * ** _ __ ` `` ``` ~~~ ~~ # #### > - + | --- === $$ \\ ... -- << >> ^ [^1]"),
    *("# ", "> ", "- ", "+ ", "1. ", "*[a]:", "[^1]: ", "[a]: b", "[a](b)", "![a](b)", "{:toc}"),
    *("http://a.b", "<http://a.b>", "\\*", "\n---\n", "\n\n    ", ":::", ": ", "&nbsp;"),
    *("| a | b |", "|--|--|"),
)
HTML = (
    *_words(
        "<b> </b> <i> </i> <p> </p> <div> </div> </div></div> <br> <pre> </pre> <code> </code>"
    ),
    *_words("<ul><li> <li> </ul> <ol> </ol> <table><tr><td> <td> <th> </table> <h1> <h2> </h2>"),
    *_words("<hr> <blockquote> </blockquote> <o:p> <center> <time> <script> </script> <style>"),
    *_words("</style> </a> <!-- --> <textarea> <svg> <![CDATA[ <?xml &amp; &lt; &gt; & &amp;lt;"),
    *("<img src='//x.example.com/甲.png'>", "<a href='/a'>", "<p title='\n\n# a'>", "<pre>\n\n"),
    *("<img src='//x.example.com/{{% a %}}.png' alt='`b`' title='*c*'>", "&#123;", "&quot;"),
)
TEXT = (
    *_words("甲 乙， 。 a B 1 \" ' “ ” 😀 \u200b \u202e ！"),
    *(" ", "  ", "\n", "\n\n", "\n    ", "\t", "　　", "\x0c", "\x85", "\u2028", "\xa0", "\r\n"),
    *("\x00", "\ufffc", "\ufeff"),
)
YAML = (
    *_words(": # - ? ! @ % & * | > ' '' \" \\ \\n \\\\ , [ ] { } ~ null yes 0777 1e3 2022-01-01"),
    *(": ", " #", "- ", "? ", "!!str ", "&a ", "*a", "%YAML", "\n---\n", "\n...\n", "{{ x }}"),
    *("{% x %}", "<b>", "&amp;", "</h1>", "<!-- more -->", "/", "..", "C:\\new", "---"),
)
