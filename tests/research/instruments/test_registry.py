"""The instruments that come with the forum, the words of an operator, and files that are none."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forum.research.instruments import loader, registry
from forum.research.instruments.definition import BadInstrument
from tests.support.servers.commands import refusal, run_command

ROOT = Path(__file__).parents[3]
WORDED = """
id = "ucla-3"
instruction = "The next questions are about how you feel."
answers = [
    { value = 1, label = "Seldom" },
    { value = 2, label = "At times" },
    { value = 3, label = "Often" },
]
items = [{ id = "1", stem = "One?" }, { id = "2", stem = "Two?" }, { id = "3", stem = "Three?" }]
"""

HASHES = {
    "background": (1, "d741bac5f884da64"),
    "ces-d": (1, "9a56ee140f66e43c"),
    "gad-7": (1, "5596a90d6ab47036"),
    "mspss": (1, "b0e601a6c4e481c5"),
    "pg-13-r": (1, "bcf3b16c5837800d"),
    "phq-8": (1, "cd2185928f9ad86b"),
    "phq-9": (1, "6e484438e94fb7c4"),
    "ucla-3": (1, "79db4c013fb8a3d4"),
    "who-5": (1, "a79b6538bdc8a1e4"),
}


def content(name: str = "phq-9") -> dict[str, Any]:
    """Return what the file of an instrument says."""
    return tomllib.loads((registry.FOLDER / f"{name}.toml").read_text("utf-8"))


def test_wording_is_what_was_validated() -> None:
    """Mistakes that stand in public copies."""
    phq, gad, ces = (registry.bundled()[name] for name in ("phq-9", "gad-7", "ces-d"))
    assert gad.items[0].answers[0].label == "Not at all"
    assert phq.items[0].answers[2].label == "More than half the days"
    assert "let yourself or your family down" in phq.item("6").stem
    assert "or watching television" in phq.item("7").stem
    assert phq.item("8").stem.count(" — ") == 1
    assert "family or friends" in ces.item("3").stem
    assert ces.items[0].answers[3].label == "Most or all of the time (5\N{EN DASH}7 days)"
    assert [item.id for item in ces.items if item.is_reversed] == ["4", "8", "12", "16"]
    assert registry.bundled()["phq-8"].items == phq.items[:8]


def test_no_word_or_number_changes_unnoticed() -> None:
    """A file that changes has a new version, and its line here changes with it."""
    found = {one.id: (one.version, one.content_hash[:16]) for one in registry.bundled().values()}
    assert found == HASHES


def test_each_scored_one_is_proven_by_the_five_kinds_of_example() -> None:
    for one in registry.bundled().values():
        if one.scale:
            scores = [example.score for example in one.examples]
            assert {one.scale.lowest, one.scale.highest, None} <= set(scores), one.id
            missing = {sum(v is None for v in example.answers) for example in one.examples}
            assert missing >= {0, one.scale.most_missing + 1}, one.id


def test_the_table_in_the_documentation_says_the_same() -> None:
    page = (ROOT / "docs" / "outcomes.md").read_text()
    told = {
        cells[0].strip("` "): [cell.strip() for cell in cells[1:]]
        for line in page.splitlines()
        if line.startswith("| `") and (cells := line.strip("|").split("|"))
    }
    assert set(told) == set(registry.bundled())
    for one in registry.bundled().values():
        title, items, scale, missing, change, licence = told[one.id]
        about = one.about[0].lower() + one.about[1:]
        assert title in {f"{one.title}, {about}", f"{one.title}: {about}"}
        assert (int(items), licence) == (len(one.items), one.licence.text)
        if one.scale:
            assert scale == f"{one.scale.lowest:g} to {one.scale.highest:g}"
            most = one.scale.most_missing
            assert missing == (f"up to {most}" if most else "none")
        said = ""
        if one.change and one.change.reliable:
            said = f"{round(one.change.reliable, 2):g} is reliable"
        elif one.change and one.change.important:
            said = f"{one.change.important:g} is important"
        assert change == said


def own(instance: Path, words: str) -> Path:
    """Put an operator's file in its place."""
    path = instance / registry.OWN / "words.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(words, "utf-8")
    return path


def test_an_operator_adds_words_and_nothing_else(tmp_path: Path) -> None:
    plain = registry.instruments(tmp_path)["ucla-3"]
    own(tmp_path, WORDED)
    found = registry.instruments(tmp_path)["ucla-3"]
    assert (plain.has_words, found.has_words) == (False, True)
    assert found.content_hash != plain.content_hash
    assert (found.scale, found.licence) == (plain.scale, plain.licence)
    assert registry.bundled()["ucla-3"] == plain


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        ("ucla-3", "phq-9"),
        ("ucla-3", "unknown"),
        ('stem = "Three?"', 'stem = ""'),
        ('id = "3"', 'id = "4"'),
        ("value = 3", "value = 9"),
        ('label = "Often"', 'label = "<b>Often</b>"'),
        ('instruction = "', 'score = 1\ninstruction = "'),
        ('{ id = "1", stem = "One?" }, ', ""),
        ('"ucla-3"', "3"),
        ('{ id = "1", stem = "One?" }', '{ id = "1", stem = "One?" }, { id = "1", stem = "Two?" }'),
        ("{ value = 1, ", '{ value = 1, label = "Never" }, { value = 1, '),
        ('"One?"', '"One\\u202e?"'),
        ('"One?"', '"One\\u001b[31m?"'),
        ("[", ""),
    ],
)
def test_words_that_do_not_fit_are_refused_in_one_sentence(
    tmp_path: Path, was: str, is_now: str
) -> None:
    path = own(tmp_path, WORDED.replace(was, is_now, 1))
    with pytest.raises(BadInstrument, match=r"^words\.toml: [^\n]+\.$"):
        registry.with_words(path)


def test_two_files_for_the_same_instrument_are_refused(tmp_path: Path) -> None:
    own(tmp_path, WORDED).with_name("again.toml").write_text(WORDED, "utf-8")
    with pytest.raises(BadInstrument, match=r"^words\.toml: Another file"):
        registry.instruments(tmp_path)


def set_score(found: dict[str, Any]) -> None:
    found["score"]["highest"] = 28


def halve(found: dict[str, Any]) -> None:
    found["items"][0]["answers"] = [{"value": 0, "label": "Never"}]


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another range": set_score,
    "one answer": halve,
    "a strange key": lambda it: it.update(colour="blue"),
    "no licence": lambda it: it.pop("licence"),
    "twice the same item": lambda it: it["items"].append(it["items"][0]),
    "a reversed item": lambda it: it["items"][2].update(reversed=True),
    "danger beyond": lambda it: it["items"][8].update(danger_from=4),
    "another rule": lambda it: it["score"].update(most_missing=2),
    "all may be missing": lambda it: it["score"].update(most_missing=9),
    "no such method": lambda it: it["score"].update(method="median"),
    "a band before": lambda it: it["bands"].append({"from": 1, "label": "late"}),
    "not a number": lambda it: it["score"].update(factor=float("nan")),
    "without end": lambda it: it["score"].update(factor=float("inf")),
    "beyond any number": lambda it: it["score"].update(highest=10**400),
    "no version": lambda it: it.update(version=0),
    "less than no time": lambda it: it.update(minutes=-2),
    "a band out of range": lambda it: it["bands"].append({"from": 28, "label": "late"}),
    "a first band above the lowest": lambda it: it["bands"].pop(0),
    "a change the wrong way": lambda it: it["change"].update(reliable=-6),
    "danger that is reversed": lambda it: it["items"][9].update(reversed=True, danger_from=1),
    "true as a number": lambda it: it["items"][8].update(danger_from=True),
    "a negative answer": lambda it: it["answers"][0].update(value=-1),
    "markup": lambda it: it["items"][0].update(stem="<i>Little</i> interest"),
    "invisible words": lambda it: it["items"][0].update(stem="\u200b"),
    "a list for a table": lambda it: it.update(licence=[]),
    "many items": lambda it: it.update(items=it["items"] * 20),
    "a long text": lambda it: it.update(instruction="a" * 1_001),
    "words that are scored": lambda it: it["items"][0].update(words=True),
    "an example too short": lambda it: it["examples"][0].update(answers=[0]),
    "an answer that is none": lambda it: it["examples"][0].update(answers=[7] * 10),
    "a wrong example": lambda it: it["examples"][0].update(score=1),
    "an id with a path": lambda it: it.update(id="../phq-9"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_does_not_hold_together_is_refused(change: Callable[[Any], object]) -> None:
    found = content()
    change(found)
    with pytest.raises(BadInstrument, match=r"^[^\n]+\.$"):
        loader.parse(found)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff\xfe",
        b"a = " + b"[" * 5_000,
        b"#" * 300_000,
        b"a." * 90_000 + b"a = 1",
        b"a = 1\na = 2",
    ],
)
def test_what_is_no_toml_is_refused(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(written)
    with pytest.raises(BadInstrument):
        loader.load(path)


def test_the_commands(tmp_path: Path) -> None:
    told = run_command(tmp_path, "instrument", "score", "phq-9", *"12332100-", "3").output
    assert told == "13.5 moderate\n"
    for name, answers, said in (
        ("phq-9", "0000000013", "Item 9 calls"),
        ("who-5", "12-45", "No score"),
        ("mspss", "4" * 12, "family\t4"),
    ):
        assert said in run_command(tmp_path, "instrument", "score", name, *answers).output
    listed = run_command(tmp_path, "instrument", "list").output.splitlines()
    assert len(listed) == len(registry.bundled())
    shown = run_command(tmp_path, "instrument", "show", "ces-d").output
    assert all(word in shown for word in ("reversed", "10.09", "Public domain"))
    for words in (("score", "phq-9", "1"), ("score", "phq-9", *"123321000x"), ("show", "none")):
        refusal(tmp_path, "instrument", *words)
    path = own(tmp_path, WORDED)
    assert run_command(tmp_path, "instrument", "check", str(path)).exit_code == 0
    path.write_text("nothing")
    assert "words.toml" in refusal(tmp_path, "instrument", "check", str(path))
    assert "words.toml" in refusal(tmp_path, "instrument", "list")
