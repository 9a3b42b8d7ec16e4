"""Quote takes along what is read, and it is read the same in the quotation."""

from bs4 import BeautifulSoup
from playwright.sync_api import expect

from forum.core import text
from forum.core.text.quote_as_markdown import as_markdown
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, live, open_menu, room

__all__ = ["room"]
POSTS = [
    "\\# not a heading",
    "\\> sign",
    "1\\) one",
    "1\\. one\n2\\. two",
    "\\- not a list",
    "\\+ one more",
    "2\\*3\\*4",
    "\\`key\\`",
    "`a*b*c`",
    "``a ` b``",
    "\\*stars\\* and \\_lines\\_",
    "snake_case __init__ _",
    "\\~~struck\\~~",
    "\\[a](https://example.org)",
    "\\!\\[a](https://example.org)",
    "a \\\\\\* b \\\\ c\\\\",
    "\\<https://example.org/x>",
    "https://example.org/_a_/b*c*?d=e~f~ \\*x\\*",
    "\\---\n\\_ _ _",
    "```\n# code\n  > in *lines*\n```",
    "&lt;b&gt; &copy; <b> <!-- x -->",
    "- one\n- two **bold** `x`",
    "# A heading\n\nwords",
    "a\nb\\\nc",
    "[words](https://example.org) after",
    "1984\\. a year",
    "#tag -5 +1 >",
    "~~~ a\nb\n~~~",
    "    \\# four spaces",
    "* * *\n\nafter",
    "x \\\\_(ツ)_/x",
    "@wren and \\@ash",
    "f*ck this *_* ¯\\_(ツ)_/¯ /\\_/\\ _(so)_ x _/ y",
    "- one\n- two\n  - three\n    1. four\n- five",
    "3. c\n2. b\n1. a",
    "1. a\n\n   b\n2. c",
    "- ```\n  code\n  ```\n- # x",
    "a\n\n---\n\nb",
    "[a [b]](https://example.org/a_(b)) and jo@example.org, www.example.org/x_y_",
    "[![a](https://example.org/i.png)](https://example.org)",
    "\\\\server\\_share C:\\_me\\*.txt \\[T]/ (\\_/) \\*o*/ \\\\//",
    "a\\\\`b` 8) c",
    "8) c\n9) d",
    "+ a\n- b",
    "\\# a \\# \\$ \\!",
    "\\\\\\*a\\* \\\\[b](https://example.org)",
]
HOSTILE = [
    "a",
    "*",
    "_",
    "_a",
    "~",
    "`",
    "\\",
    "](",
    "<",
    "- ",
    "-",
    "_ ",
    "www.",
    "1.",
    "\n",
    " ",
    "#",
]


LONG = [
    "😀" * 599 + "\\*" * 9,
    "- one\n- two\n" * 90,
    "> robin said\n\nand *ash* said " + "so " * 300,
]


def shown(html: str) -> str:
    """Return what is read, without the space between words."""
    return "".join(BeautifulSoup(html, "html.parser").get_text().split())


def blocks(html: str) -> list[str]:
    """Return the lists, headings, rules and links of a text, with their content."""
    soup = BeautifulSoup(html, "html.parser")
    found = soup.find_all(["ul", "ol", "li", "h3", "h4", "hr", "pre", "a"])
    return [
        f"{one.name} {one.get('href', '')} {one.get('start', '')} {shown(str(one))}"
        for one in found
    ]


def test_a_quotation_is_read_as_the_post_was(room: BrowserWorld) -> None:
    page = live(room.open("robin", f"/threads/{room.thread()}"))
    source = page.locator("script[type=module]").first.get_attribute("src") or ""
    quoted = page.evaluate(
        """async ([module, posts]) => {
          const { asMarkdown } = await import(module);
          return posts.map((html) => {
            const post = document.createElement("div");
            post.innerHTML = html;
            return asMarkdown(post);
          });
        }""",
        [
            source.rsplit("/", 2)[0] + "/threads/posts/as_markdown.js",
            [text.render(post) for post in POSTS],
        ],
    )
    for post, words in zip(POSTS, quoted, strict=True):
        assert words == as_markdown(text.render(post))
        lines = "\n".join(f"> {line}".rstrip() for line in ["A wrote:", "", *words.split("\n")])
        again = BeautifulSoup(text.render(lines), "html.parser").blockquote
        assert shown(str(again)) == "Awrote:" + shown(text.render(post)), (post, words)
        assert blocks(str(again)) == blocks(text.render(post)), (post, words)
        assert text.called(lines) == set()


def test_both_buttons_quote_alike(room: BrowserWorld) -> None:
    thread = room.thread()
    posts = [room.reply("ash", thread, body) for body in ("\\# no heading, 2\\*3\\*4", *LONG)]
    page = live(room.open("robin", f"/threads/{thread}"))
    plain = room.open("robin", f"/threads/{thread}", java_script_enabled=False)
    quoted = []
    for post in posts:
        page.locator(BODY).fill("")
        open_menu(page.locator(f"#post-{post}")).locator(".post-reply").click()
        plain.goto(f"{room.server.url}/threads/{thread}?quote={post}")
        quoted.append(plain.locator(BODY).input_value())
        expect(page.locator(BODY)).to_have_value(quoted[-1])
    assert quoted[0] == "> @ash wrote:\n> \\# no heading, 2\\*3\\*4\n\n"
    assert quoted[1].endswith("😀…\n\n")
    assert quoted[2].startswith("> @ash wrote:\n>\n> - one\n> - two\n> - one")
    assert quoted[3].startswith("> @ash wrote:\n> and ash said so so")


def test_hostile_words_are_quoted_as_quickly_as_ordinary_ones(room: BrowserWorld) -> None:
    page = live(room.open("robin", f"/threads/{room.thread()}"))
    source = page.locator("script[type=module]").first.get_attribute("src") or ""
    slow = page.evaluate(
        """async ([module, pieces]) => {
          const { textAsMarkdown } = await import(module);
          const cost = (piece) => {
            const words = piece.repeat(20000 / piece.length);
            const once = () => {
              const start = performance.now();
              textAsMarkdown(words);
              return performance.now() - start;
            };
            return Math.min(once(), once(), once());
          };
          const allowed = Math.max(30, 40 * cost("I came home *late*, to https://a.b. "));
          return pieces.filter((piece) => cost(piece) > allowed);
        }""",
        [source.rsplit("/", 2)[0] + "/threads/posts/as_markdown.js", HOSTILE],
    )
    assert slow == []
