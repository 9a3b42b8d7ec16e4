"""Quote takes along what is read, and it is read the same in the quotation."""

from bs4 import BeautifulSoup
from playwright.sync_api import expect

from forum.core import text
from tests.threadsroom import BODY, Room, live, room

__all__ = ["room"]
POSTS = [
    "\\# not a heading", "\\> sign", "1\\) one", "1\\. one\n2\\. two", "\\- not a list",
    "\\+ one more", "2\\*3\\*4", "\\`key\\`", "`a*b*c`", "``a ` b``",
    "\\*stars\\* and \\_lines\\_", "snake_case __init__ _", "\\~~struck\\~~",
    "\\[a](https://example.org)", "\\!\\[a](https://example.org)", "a \\\\\\* b \\\\ c\\\\",
    "\\<https://example.org/x>", "https://example.org/_a_/b*c*?d=e~f~ \\*x\\*", "\\---\n\\_ _ _",
    "```\n# code\n  > in *lines*\n```", "&lt;b&gt; &copy; <b> <!-- x -->",
    "- one\n- two **bold** `x`", "# A heading\n\nwords", "a\nb\\\nc",
    "[words](https://example.org) after", "1984\\. a year", "#tag -5 +1 >", "~~~ a\nb\n~~~",
    "    \\# four spaces", "* * *\n\nafter", "x \\\\_(ツ)_/x", "@wren and \\@ash",
]  # fmt: skip
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


def shown(html: str) -> str:
    """Return what is read, without the space between words."""
    return "".join(BeautifulSoup(html, "html.parser").get_text().split())


def test_a_quotation_is_read_as_the_post_was(room: Room) -> None:
    page = live(room.open("robin", f"/threads/{room.thread()}"))
    source = page.locator("script[type=module]").first.get_attribute("src") or ""
    quoted = page.evaluate(
        """async ([module, posts]) => {
          const { blockAsMarkdown } = await import(module);
          return posts.map((html) => {
            const post = document.createElement("div");
            post.innerHTML = html;
            return [...post.children].map(blockAsMarkdown).join("\\n\\n");
          });
        }""",
        [source.rsplit("/", 1)[0] + "/as_markdown.js", [text.render(post) for post in POSTS]],
    )
    for post, words in zip(POSTS, quoted, strict=True):
        lines = "\n".join(f"> {line}".rstrip() for line in ["A wrote:", "", *words.split("\n")])
        again = BeautifulSoup(text.render(lines), "html.parser").blockquote
        assert shown(str(again)) == "Awrote:" + shown(text.render(post)), (post, words)
        assert text.called(lines) == set()


def test_the_button_keeps_plain_text_plain(room: Room) -> None:
    thread = room.thread()
    room.reply("ash", thread, "\\# not a heading, 2\\*3\\*4")
    page = live(room.open("robin", f"/threads/{thread}"))
    page.locator("[data-number='2'] .post-reply").click()
    expect(page.locator(BODY)).to_have_value("> @ash wrote:\n> \\# not a heading, 2\\*3\\*4\n\n")


def test_hostile_words_are_quoted_as_quickly_as_ordinary_ones(room: Room) -> None:
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
        [source.rsplit("/", 1)[0] + "/as_markdown.js", HOSTILE],
    )
    assert slow == []
