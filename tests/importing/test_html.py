"""HTML from browsers and other forums becomes Markdown that reads well, and nothing unsafe."""

import html as entities
import re

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString

from forum.core import text
from forum.importing.html import ELEMENTS_MAX
from forum.importing.records import Refused
from tests.support.importing import counselchat
from tests.support.importing.stored_html import to_markdown, wrong_in

READS = {
    "a<h2></h2>": "a",
    "<h3>&nbsp;<b> </b></h3>b": "b",
    "<ul><li><h1><br></h1></li></ul>c": "c",
    "<p>One.</p><p>Two.</p>": "One.\n\nTwo.",
    '<span style="color:red"><span><font face="x">Plain</font></span> words</span>': "Plain words",
    "a&nbsp;&nbsp;b &amp; c &lt;d&gt; &quot;e&quot; &#8217;f": 'a b & c <d> "e" \u2019f',
    "<div>One<br><br>Two<br>three</div>": "One\n\nTwo\nthree",
    "<p>One\n line in\tthe source</p>": "One line in the source",
    "No tags\n\nbut lines\nof its own": "No tags\n\nbut lines\nof its own",
    "<p><br></p><p>&nbsp;</p><p>Only this</p><p></p>": "Only this",
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>": "- a\n  - b\n- c",
    "<ol><li>a</li><li>b</li></ol>": "1. a\n2. b",
    "<p>\u2022 a<br>\u2022 b<br>after</p>": "- a\n- b\n\nafter",
    "<b>Note:</b>text": "**Note**:text",
    "<b>Why? </b>Because": "**Why?** Because",
    "<b>a</b><b>b</b> <i></i><b> </b>c": "**ab**  c",
    "<b><p>One</p><p>Two</p></b>": "One\n\nTwo",
    "<strong><b>x</b></strong> <em>y</em> <strike>z</strike>": "**x** *y* ~~z~~",
    "<blockquote>said<br>this</blockquote>so": "> said\n> this\n\nso",
    "<h1>Title</h1>text": "# Title\n\ntext",
    "Words<h1><br></h1><h2> </h2>": "Words",
    "s<b>o</b> <b>s</b>o 我<b>很</b>好": "so **s**o 我**很**好",
    "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>": "a | b\n1 | 2",
    "<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3</table>": "a | b\n1 | 2\n3",
    "<table><tr><td><p>One</p><p>Two</p></td></tr></table>": "One\n\nTwo",
    '<a href="https://example.org/a(b)">a [b]</a>': "[a [b]](https://example.org/a%28b%29)",
    '<a href="https://example.org">https://example.org</a>': "<https://example.org>",
    '<a href="javascript:alert(1)">tap</a> <a href="/x">here</a>': "tap here",
    '<img src="https://example.org/a.png" alt="a cat">': "[a cat](https://example.org/a.png)",
    '<p>See <iframe src="//example.org/v/1"></iframe></p>': "See <https://example.org/v/1>",
    '<video><source src="https://example.org/v.mp4">old browser</video>': (
        "<https://example.org/v.mp4>"
    ),
    '<audio src="javascript:alert(1)"></audio><p>a</p>': "a",
    '<img src="data:image/png;base64,AAAA" alt="a cat">': "a cat",
    "<p>2*3*4, snake_case, _so_ and `this`</p>": "2\\*3\\*4, snake_case, \\_so\\_ and \\`this\\`",
    "<p>1. not a list</p><p># no title</p>": "1\\. not a list\n\n\\# no title",
    "<p>&gt; a sign</p><p>+ one<br>&gt;2 &gt; 1</p>": "\\> a sign\n\n\\+ one\n\\>2 > 1",
    "<p>so <![ it> was</p>": "so <![ it> was",
    "<form><p>In a form</p><button>Go</button></form>": "In a form",
    "<p>x<br>-----<br>y</p>": "x\n\\-----\ny",
    "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><p>Word</p>": "Word",
    "<style>p {color: red}</style><script>alert(1)</script><p>Kept</p>": "Kept",
    "<o:p></o:p><p class=MsoNormal>A<o:p></o:p></p>": "A",
    "soft\u00adhyphen and zero\u200bwidth": "softhyphen and zerowidth",
    "<p>unclosed <b>bold": "unclosed **bold**",
}
NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="jAvAsCrIpT:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="javascript:123">x</a>',
    "<iframe src=https://example.org></iframe>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "&lt;javascript:alert(1)&gt;",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mtext></p><style>",
    "<b><i><b><i>x</b></i></b></i>",
    "<table><td><script>x",
    "<p style='x:expression(1)'>y</p>",
    "<a href='https://example.org/\"onmouseover=alert(1)'>z</a>",
    "<![CDATA[<script>x]]>",
    "<?php echo 1 ?>x",
    "<!DOCTYPE x>y",
    "<plaintext>x",
    "<template><script>1</script></template>x",
]


@pytest.mark.parametrize(("html", "markdown"), READS.items())
def test_it_reads_well(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize("html", NASTY)
def test_nothing_unsafe_comes_out(html: str) -> None:
    assert wrong_in(text.render(to_markdown(html))) == []


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul", "b"])
@pytest.mark.parametrize("deep", [300, ELEMENTS_MAX - 1, ELEMENTS_MAX + 1])
def test_too_tangled_is_refused_or_read_at_once(tag: str, deep: int) -> None:
    try:
        outcome = to_markdown(f"<{tag}>" * deep + "x")
    except Refused as refusal:
        outcome = refusal.message
    assert any(words in outcome for words in ("deeply", "elements", "x"))


def test_a_long_list_is_quick() -> None:
    assert to_markdown("<ol>" + "<li>x</li>" * 4_000 + "</ol>").endswith("\n4000. x")


@pytest.mark.skipif(not counselchat.DATA.exists(), reason="the data lies beside a checkout only")
def test_no_word_of_real_answers_is_lost_or_added() -> None:
    for line in counselchat.import_lines():
        if line.get("format") == "html":
            html = text.render(to_markdown(line["body"]))
            assert wrong_in(html) == []
            assert _letters(html) == _letters(line["body"])


def _letters(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for piece in soup.find_all(string=lambda words: isinstance(words, PreformattedString)):
        piece.extract()
    for tag in soup.find_all(["style", "xml", "script"]):
        tag.decompose()
    return re.sub(r"[\s\u200b\ufeff\u2022\u00b7\u25cf-]", "", entities.unescape(soup.get_text()))
