"""Links: made of addresses and nothing else, and they end where the address does."""

import pytest
from bs4 import BeautifulSoup

from forum.core import text

NO_LINK = [
    "I came home late.It was raining. We sat down.so what.",
    "take it at 8.am and 10.pm",
    "go out.To the sea.In summer.No way",
    "see you at 7.pm.It is ok",
    "v1.2.am",
    "Dr.Me",
    "I.am awake. u.be well.",
    "It is in notes.md and plan.py, not in run.sh",
    "Oh!It.is raining...So what",
    "awake@3.am again",
    "ring me@home.It was late",
    "we left the shop.is there another.My head",
    "the pain.me too.do you.us both",
    "read letter.doc.in the box",
    "1.to 2.at 3.it",
    "https://… and http:// and https://.",
    "https://name:secret@evil.example.org https://name@evil.example.org",
    "see ftp://files.example.org",
    "[words](me) [words](/logout) [words](//example.org)",
    "vive à la maison.La nuit tombe.et puis",
    "`https://example.org/code`",
    "<me@home> <wren@late.It>",
    "https://example.org:80@evil.example.org/ and http://example.org:8443@192.0.2.1",
    "[words](https://example.org@evil.example.org) [words](https://me:secret@example.org/)",
    "https://example.org:99999/ and http://example.org:0",
    "https://exa\u00admple.org/x and www.exa\u200bmple.org and https://example\uff0eorg",
]
LINKS = {
    "https://हिन्दी.example और": ["https://xn--j2bd4cyah0f.example"],
    "www.தமிழ்.example.org": ["http://www.xn--rlcus7b3d.example.org"],
    "https://example.org:65535/ is fine": ["https://example.org:65535/"],
    "He wrote “https://example.org/q” to me": ["https://example.org/q"],
    "‘https://example.org/q’": ["https://example.org/q"],
    "„https://example.org/q“": ["https://example.org/q"],
    "「https://example.org/q」": ["https://example.org/q"],
    "（https://example.org/x）": ["https://example.org/x"],
    "«https://example.org/x»": ["https://example.org/x"],
    "https://example.org/x！": ["https://example.org/x"],
    "https://example.org/x？": ["https://example.org/x"],
    "https://example.org/x…": ["https://example.org/x"],
    "https://example.org/x—and": ["https://example.org/x"],
    "https://example.org/x–and": ["https://example.org/x"],
    "https://example.org/x、そして": ["https://example.org/x"],
    "https://example.org/x، وقل": ["https://example.org/x"],
    "https://example.org/x؟": ["https://example.org/x"],
    "https://example.org/x। और": ["https://example.org/x"],
    "https://example.org/x\u200b and": ["https://example.org/x"],
    "https://example.org/x😀": ["https://example.org/x"],
    "https://example.orgで見た": ["https://example.org"],
    "https://example.org/a?b=1を見た": ["https://example.org/a?b=1"],
    "https://example.org/ひらがな": ["https://example.org/%E3%81%B2%E3%82%89%E3%81%8C%E3%81%AA"],
    "https://example.org/日本。次の文": ["https://example.org/%E6%97%A5%E6%9C%AC"],
    "https://example.org/レオナルド・ダ": [
        "https://example.org/%E3%83%AC%E3%82%AA%E3%83%8A%E3%83%AB%E3%83%89%E3%83%BB%E3%83%80"
    ],
    "(https://example.org/x), then https://example.org/a_(b).": [
        "https://example.org/x",
        "https://example.org/a_(b)",
    ],
    "**https://example.org/x** and *see https://example.org/y.*": [
        "https://example.org/x",
        "https://example.org/y",
    ],
    "https://example.org/_a_/b_c?d=e&f=#g, more": ["https://example.org/_a_/b_c?d=e&f=#g"],
    "https://example.org's, https://example.org:8080/x; HTTP://Example.org/A": [
        "https://example.org",
        "https://example.org:8080/x",
        "HTTP://Example.org/A",
    ],
    "[words](https://example.org/x) <https://example.org/y>": [
        "https://example.org/x",
        "https://example.org/y",
    ],
    "www.example.com/a. WWW.example.com": ["http://www.example.com/a", "http://WWW.example.com"],
    "example.org, samaritans.org.uk/help and nhs.uk!": [
        "http://example.org",
        "http://samaritans.org.uk/help",
        "http://nhs.uk",
    ],
    "jo@example.org, mailto:jo@example.co.uk (JO@EXAMPLE.DE) メールはjo@example.comで": [
        "mailto:jo@example.org",
        "mailto:jo@example.co.uk",
        "mailto:JO@EXAMPLE.DE",
        "mailto:jo@example.com",
    ],
    "[1]: https://example.org/leaflet": ["https://example.org/leaflet"],
}
# As programs write addresses that were made into Markdown.
ESCAPED = {
    r"https://example.org/a\_b": "https://example.org/a_b",
    r"see https://example.org/a\_b\_c?x=1\*2.": "https://example.org/a_b_c?x=1*2",
    r"*https://example.org/a\_b*": "https://example.org/a_b",
    r"_https://example.org/a\_b_": "https://example.org/a_b",
    r"(https://example.org/Foo\_\(bar\))": "https://example.org/Foo_(bar)",
    r"https://example.org/a\~b_c": "https://example.org/a~b_c",
    r"www.example.org/a\_b": "http://www.example.org/a_b",
    r"me\_too@example.org": "mailto:me_too@example.org",
    r"https://example.org/a\*": "https://example.org/a",
    r"https://example.org/a\nb": "https://example.org/a",
    r"https://example.org/a\\b": "https://example.org/a",
    r"https://example.org/a\"b": "https://example.org/a",
}


def links_in(body: str) -> list[str]:
    """Return where the links of a rendered text lead."""
    return [str(a["href"]) for a in BeautifulSoup(text.render(body), "html.parser")("a")]


@pytest.mark.parametrize("body", NO_LINK)
def test_what_is_no_address_is_no_link(body: str) -> None:
    assert links_in(body) == []


@pytest.mark.parametrize("body", LINKS)
def test_an_address_is_a_link_that_ends_where_it_ends(body: str) -> None:
    assert links_in(body) == LINKS[body]


@pytest.mark.parametrize("body", ESCAPED)
def test_a_backslash_before_a_sign_is_none_of_an_address(body: str) -> None:
    assert links_in(body) == [ESCAPED[body]]


def test_a_backslash_hides_no_password() -> None:
    assert links_in(r"https://name\:secret\@evil.example.org") == ["http://evil.example.org"]


def test_underscores_around_an_address_are_none_of_it() -> None:
    bodies = ["see _https://example.org/x_ or", "https://example.org/x_"]
    assert [links_in(body) for body in bodies] == [
        ["https://example.org/x"],
        ["https://example.org/x_"],
    ]


@pytest.mark.parametrize("body", [*NO_LINK, *LINKS])
def test_making_links_changes_no_word(body: str) -> None:
    for sign in ("`", "**", "*see", ".*", "<https", "y>", "[words](https"):
        body = body.replace(sign, "")
    assert BeautifulSoup(text.render(body), "html.parser").get_text().strip() == body


@pytest.mark.parametrize("words", ["a <https://example.org/b> c", "<jo@example.org>", "<b>"])
def test_a_link_has_no_link_in_it(words: str) -> None:
    html = text.render(f"[{words}](https://example.org/a)")
    assert links_in(f"[{words}](https://example.org/a)") == ["https://example.org/a"]
    assert BeautifulSoup(html, "html.parser").get_text().strip() == words


@pytest.mark.parametrize(
    ("body", "shown", "leads_to"),
    [
        ("[https://good.org](https://evil.org/x)", "https://good.org", "https://evil.org/x"),
        ("[**good.org**, safe](https://evil.org)", "good.org, safe", "https://evil.org"),
        ("[www.good.org](https://good.org.evil.org)", "www.good.org", "https://good.org.evil.org"),
        ("[me@good.org](mailto:me@evil.org)", "me@good.org", "mailto:me@evil.org"),
    ],
)
def test_a_link_never_shows_another_sites_address(body: str, shown: str, leads_to: str) -> None:
    page = BeautifulSoup(text.render(body), "html.parser")
    (link,) = page.select("a")
    assert (link["href"], link.text) == (leads_to, leads_to)
    assert page.text.strip() == f"{shown} ({leads_to})"


@pytest.mark.parametrize(
    "body",
    [
        "[example.org](https://www.example.org/a)",
        "[example.org, page 2](https://help.example.org)",
        "[the leaflet](https://example.org)",
        "[straße.de](https://straße.de)",
        "[take it at 8.am](https://example.org)",
    ],
)
def test_a_label_that_is_true_stays(body: str) -> None:
    (link,) = BeautifulSoup(text.render(body), "html.parser").select("a")
    assert link.text == body[1 : body.index("]")]


@pytest.mark.parametrize("host", ["\u0430pple.com", "\u0440\u0430y.com", "ex\u0430mple.org"])
def test_letters_that_are_taken_for_others_are_written_out(host: str) -> None:
    (link,) = BeautifulSoup(text.render(f"https://{host}/"), "html.parser").select("a")
    assert link.text == link["href"]
    assert link.text.isascii()


@pytest.mark.parametrize("host", ["münchen.de", "пример.com", "日本.com", "straße.de"])
def test_names_in_other_alphabets_stay_readable(host: str) -> None:
    (link,) = BeautifulSoup(text.render(f"https://{host}/"), "html.parser").select("a")
    assert link.text == f"https://{host}/"
