"""Until a slice declares notes for authors, nothing stands beside a post."""

from types import SimpleNamespace

import pytest

from forum.accounts.policy import Viewer
from forum.threads.posts import author_notes


def test_without_notes_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(author_notes, "_notes", author_notes._none)
    monkeypatch.setattr(author_notes, "_may_have_note", author_notes._never)
    author = Viewer(1, "wren")
    own, others = SimpleNamespace(id=7, author_id=1), SimpleNamespace(id=8, author_id=2)
    assert author_notes.beside(author, [own, others]) == {}
    assert author_notes.after_writing(author, 7, "I don't want to live any more.") == {}
