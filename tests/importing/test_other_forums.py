# ruff: noqa: RUF001 - dashes and marks of other forums are what this is about
"""What other forums hide, spell, escape and name in their own way arrives as it was meant."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import queries, service
from forum.accounts.identity import handles
from forum.accounts.models import Account, ImportedName
from forum.core import text
from forum.core.db import current_session
from forum.importing import imported_names, lengths, spoiler_marks
from forum.importing.html import read
from forum.threads.models import Post, Thread
from tests.support.importing.import_lines import BASE, count, load

FAMILY = "👨\u200d👩\u200d👧 👩\u200d❤\ufe0f\u200d👩 🏳\ufe0f\u200d🌈"
HIDDEN: dict[str, tuple[str, list[str]]] = {
    "<details><summary>Spoiler: storms</summary>What happened</details>": (
        "Spoiler: storms\n\nWhat happened",
        ["Spoiler: storms"],
    ),
    'Before <span class="spoiler">the hidden part</span> after': (
        "Before the hidden part after",
        ["Spoiler"],
    ),
    '<div class="bbspoiler">the hidden part</div>': ("Spoiler\n\nthe hidden part", ["Spoiler"]),
    'a<div class="bbCodeBlock--spoiler"><button>Spoiler: rain</button><div>b</div></div>': (
        "a\n\nSpoiler: rain\n\nb",
        ["Spoiler: rain"],
    ),
    "<blockquote><details><summary>Why</summary>x</details></blockquote>y": (
        "> Why\n>\n> x\n\ny",
        ["Why"],
    ),
    '<div class="spoiler-wrap"><div class="spoiler-head-title">Sp</div><p>bad</p></div>': (
        "Sp\n\nbad",
        ["Sp"],
    ),
    "<details><summary>A</summary><details><summary>B</summary>x</details></details>": (
        "A\n\nB\n\nx",
        ["A", "B"],
    ),
    '<div class="sp-wrap"><div class="sp-head">Rain</div><div class="sp-body">x</div></div>': (
        "Rain\n\nx",
        ["Rain"],
    ),
    'a <span data-mx-spoiler="why">x</span> b': ("a x b", ["why"]),
    'a <span data-spoiler="1">x</span> b': ("a x b", ["Spoiler"]),
    '<a class="spoiler" href="#s" title="it rained">The end</a> b': (
        "The end it rained b",
        ["The end"],
    ),
    'a<div style="display: none">x</div>': ("a\n\nSpoiler\n\nx", ["Spoiler"]),
    'a <span class="blur">x</span>': ("a x", ["Spoiler"]),
    "<fieldset><legend>My list</legend>first</fieldset>": ("My list\n\nfirst", []),
    '<div class="spoiled">x</div>': ("Spoiler\n\nx", ["Spoiler"]),
    '<span style="color:#000; background-color: rgb(0,0,0)">x</span>': ("x", ["Spoiler"]),
    '<span style="background:black">x</span>': ("x", ["Spoiler"]),
    '<table bgcolor="black"><tr><td><font color="#000">x</font></td></tr></table>': (
        "Spoiler\n\nx",
        ["Spoiler"],
    ),
    'a <span style="background:#222"><span style="color:#222222">x</span></span>': (
        "a x",
        ["Spoiler"],
    ),
    '<span style="color:transparent">x</span><i style="opacity: 0">y</i>': (
        "xy",
        ["Spoiler", "Spoiler"],
    ),
    '<span style="background:#000;color:#fff">a</span><p style="color:#000">b</p>': ("a\n\nb", []),
    '<span style="opacity:0.8;font-size:0.9em;background:none;color:black">a</span>': ("a", []),
    '<body style="background:#000"><font color="#eee">a</font></body>': ("a", []),
}
MARKED: dict[str, tuple[str, list[str]]] = {
    "so ||he dies|| ok": ("so he dies ok", ["Spoiler"]),
    "||a||||two\nlines||": ("atwo\nlines", ["Spoiler", "Spoiler"]),
    ">!he dies!< and \\>!she!< >!it": ("he dies and \\>!she!< >!it", ["Spoiler"]),
    "::: spoiler The end\nx\n:::\nafter": ("The end\n\nx\n\nafter", ["The end"]),
    "<details>\n<summary>Why</summary>\n\nx\n</details>y": ("Why\n\nx\n\ny", ["Why"]),
    "[spoiler]x[/spoiler]": ("Spoiler\n\nx", ["Spoiler"]),
    "[Spoiler=The end]x": ("The end\n\nx", ["The end"]),
    "a || b || c, x||y||z | 1 | || |": ("a || b || c, x||y||z | 1 | || |", []),
    "and >!\n\n!< :::\n</details>": ("and >!\n\n!< :::\n</details>", []),
}
APART = {
    "<blockquote><div><cite>Al wrote:</cite>words</div></blockquote>": "> Al wrote:\n>\n> words",
    "<p>I read <cite>The Book</cite> twice</p>": "I read The Book twice",
    '<a href="https://x.org/b.png"><img src="https://x.org/a.png"></a>': (
        "[picture](https://x.org/b.png)"
    ),
    '<img class="smilie" title=":D" src="https://example.org/1.png">': ":D",
}
SHOWN = {
    "<p>Write &amp;nbsp; or &amp;copy;</p>": "Write &amp;nbsp; or &amp;copy;",
    "<p>5 &amp;lt; 6 and &amp;amp;</p>": "5 &amp;lt; 6 and &amp;amp;",
    "<p>AT&amp;T &amp; &lt;me&gt;</p>": "AT&amp;T &amp; &lt;me&gt;",
    '<img class="emoji" alt=":slight_smile:" src="https://example.org/a.png">': ":slight_smile:",
    '<img alt=":lol:" src="https://example.org/a.png">': ":lol:",
    '<img class="smilie" alt="Big grin" src="https://example.org/a.png">': "Big grin",
    '<img alt="👨\u200d👩\u200d👧" src="https://example.org/a.png">': "👨\u200d👩\u200d👧",
    "don\u0092t \u0093yes\u0094, from 7 \u0096 8\u0085": "don’t “yes”, from 7 – 8…",
    FAMILY: FAMILY,
    "می\u200cخواهم क्\u200dष ශ්\u200dරී": "می\u200cخواهم क्\u200dष ශ්\u200dරී",
    "a\u200c b \u200dc so\u00adft zero\u200bwidth": "a b c soft zerowidth",
}


@pytest.mark.parametrize("html", HIDDEN)
def test_what_was_hidden_is_set_apart_and_named(html: str) -> None:
    assert read(html) == HIDDEN[html]


@pytest.mark.parametrize("html", APART)
def test_sources_and_pictures_read_as_they_did(html: str) -> None:
    assert read(html)[0] == APART[html]


@pytest.mark.parametrize("html", SHOWN)
def test_signs_are_shown_as_they_were_meant(html: str) -> None:
    assert f">{SHOWN[html]}</p>" in text.render(read(html)[0])


@pytest.mark.parametrize("html", ["<p>[2]: https://example.org/second</p>", "[me]: fine"])
def test_no_line_is_swallowed(html: str) -> None:
    assert html.removeprefix("<p>")[:3] in text.render(read(html)[0])


def said(*lines: dict[str, Any]) -> list[Post]:
    """Import these posts; return those of the thread after what was there."""
    post = {"type": "post", "thread": "t", "author": "osier"}
    report, reasons = load([*BASE, *(post | line for line in lines)])
    assert not reasons
    assert not report.refused
    return list(
        current_session().scalars(select(Post).where(Post.number > 3).order_by(Post.number))
    )


@pytest.mark.parametrize("body", MARKED)
def test_marks_of_hidden_parts_are_known(body: str) -> None:
    assert spoiler_marks.set_apart(body) == MARKED[body]


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("The end: ||he dies||", "The end: …"),
        ("[spoiler]he dies[/spoiler] sad", "… sad"),
        ("So [spoiler=why]he dies", "So …"),
        (">!he dies!<", "Spoiler"),
    ],
)
def test_a_title_shows_nothing_that_was_hidden(app: Flask, given: str, title: str) -> None:
    thread = {"type": "thread", "ref": "s", "group": "after-dark", "author": "osier"}
    _, reasons = load([*BASE, thread | {"title": given, "body": "words"}])
    assert not reasons
    made = current_session().scalars(select(Thread).order_by(Thread.id.desc()).limit(1)).one()
    opening = current_session().scalars(select(Post).where(Post.thread_id == made.id)).one()
    assert made.title == title
    assert opening.body.endswith("\n\nwords")
    assert "he dies" in opening.body
    assert opening.content_note == "Spoiler"


def test_hidden_parts_close_the_post_behind_a_note(app: Flask) -> None:
    html = {"format": "html"}
    posts = said(
        html | {"body": "<details><summary>storms</summary>x</details>"},
        html | {"body": '<span class="spoiler">x</span>', "content_note": "loss &amp; grief"},
        {"body": 'so [spoiler="the end"]it rained[/spoiler] then'},
        {"body": "[DETAILS]x[/DETAILS]", "content_note": "details, spoiler"},
        {"body": "don\u0092t [spoil] a || b || c", "content_note": "x" * 90},
    )
    assert [post.content_note for post in posts] == [
        "storms",
        "loss & grief, Spoiler",
        "the end",
        "details, spoiler",
        "x" * 79 + "…",
    ]
    assert posts[2].body == "so \n\nthe end\n\nit rained\n\n then"
    assert posts[4].body == "don’t [spoil] a || b || c"


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Tom &amp; Jerry &quot;again&quot;", 'Tom & Jerry "again"'),
        ("Fish &amp; chips &ndash; &#39;late&#39;", "Fish & chips – 'late'"),
        ("&amp;lt; five", "&lt; five"),
        ("x", "x ..."),
        ("a\u202eb", "a\u202eb ..."),
        ("&shy;", "..."),
        ("y" * 200, "y" * 149 + "…"),
    ],
)
def test_titles_of_html_are_read_once_and_fit(app: Flask, given: str, title: str) -> None:
    line = {
        "type": "thread",
        "ref": "u",
        "group": "after-dark",
        "author": "osier",
        "format": "html",
        "title": given,
        "body": "<p>Words</p>",
    }
    _, reasons = load([*BASE, line])
    assert not reasons
    assert (
        current_session().scalars(select(Thread.title).order_by(Thread.id.desc())).first() == title
    )


def test_a_long_post_is_kept_with_its_replies(app: Flask) -> None:
    body = "A line of words.\n\n" * 1_500
    lines = [
        *BASE[:5],
        BASE[5] | {"body": body},
        *({"type": "post", "thread": "t", "author": "osier", "body": f"No {n}"} for n in range(5)),
    ]
    for _ in range(2):
        report, reasons = load(lines)
        assert (report.refused, reasons, count(Post)) == (0, {}, 7)
    posts = current_session().scalars(select(Post.body).order_by(Post.number)).all()
    assert "\n\n".join(posts[:2]).split() == body.split()
    assert len(set(current_session().scalars(select(Post.author_id).where(Post.number < 3)))) == 1


@pytest.mark.parametrize(
    "body", ["x" * 45_000, "word " * 9_000, ("y" * 19_999 + "\n\n") * 3, "short"]
)
def test_no_word_is_lost_where_a_body_is_parted(body: str) -> None:
    parts = lengths.parts(body)
    assert all(0 < len(part) <= 20_000 for part in parts)
    assert "".join(parts).split() == body.split()


def test_names_that_cannot_be_had_keep_their_posts_under_another(app: Flask) -> None:
    names = ["Night Owl", "jo.smith", "Al", "Guest", "admin", "0sier", "!!!", "Night-Owl"]
    lines = [*BASE]
    for name in names:
        lines += [
            {"type": "member", "handle": name},
            {"type": "membership", "group": "after-dark", "handle": name},
            {"type": "post", "thread": "t", "author": name, "body": f"I am {name}."},
        ]
    report, reasons = load(lines)
    assert not reasons
    assert list(report.renamed) == names
    authors = select(Post.body, Account.handle).join(Account, Account.id == Post.author_id)
    rows = current_session().execute(authors.where(Post.number > 3))
    wrote = {row.body: row.handle for row in rows}
    assert wrote == {f"I am {name}.": report.renamed[name] for name in names}
    first = [wrote[f"I am {name}."] for name in names[:4]]
    assert first == ["Night-Owl", "jo-smith", "Al-2", "Guest-2"]
    assert len(set(wrote.values())) == len(names)
    assert wrote["I am admin."].startswith("member-")
    posts = count(Post)
    again, _ = load([*lines, {"type": "post", "thread": "t", "author": "Al", "body": "More"}])
    assert (sum(again.added.values()), dict(again.renamed), count(Post)) == (1, {}, posts + 1)
    service.erase(queries.account_id_of_exact("Guest-2") or 0)
    assert count(ImportedName) == len(names) - 1


@pytest.mark.parametrize("name", ["a" * 60, "Jo (she/her)", "-x-", "кот cat", "😀", "admin" * 5])
def test_there_is_a_handle_for_everybody(app: Flask, name: str) -> None:
    handle = imported_names.free_handle(name)
    assert handles.checked(handle) == handle


def test_what_fell_is_counted_by_the_line_it_fell_with(app: Flask) -> None:
    lines = [
        *BASE[:5],
        BASE[5] | {"body": ""},  # the sixth
        *({"type": "post", "thread": "t", "author": "osier", "body": f"{n}"} for n in range(7)),
        {"type": "membership", "group": "after-dark", "handle": "brindle", "role": "king"},
        {"type": "member", "handle": "teasel", "password": "x"},  # the fifteenth
        {"type": "membership", "group": "after-dark", "handle": "teasel"},
        {
            "type": "thread",
            "ref": "v",
            "group": "after-dark",
            "author": "teasel",
            "title": "Hello",
            "body": "x",
        },
        {"type": "reaction", "post": "v", "handle": "osier", "kind": "hug"},
    ]
    report, reasons = load(lines)
    assert list(reasons) == [6, 14, 15]
    assert {line: dict(fell) for line, fell in report.refused_with.items()} == {
        6: {"post": 7},
        15: {"membership": 1, "thread": 1, "reaction": 1},
    }
    assert report.refused == 3 + 7 + 3
