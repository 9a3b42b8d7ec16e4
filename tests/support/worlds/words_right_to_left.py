"""People's words in Arabic, wherever the matrix world has some, to be found again on pages."""

from sqlalchemy import String, literal, type_coerce, update

from forum.core import db
from forum.core.db import Base

WORD = "قمر"  # moon
COLUMNS = {
    "accounts": ("about",),
    "audit_log_entries": ("reason", "message"),
    "care_messages": ("body",),
    "groups": ("name", "topic", "description", "guidelines", "welcome"),
    "meeting_series": ("title", "agenda"),
    "meetings": ("title", "agenda"),
    "reports": ("details",),
    "studies": ("title", "about", "run_by", "ethics", "contact"),
    "threads": ("title",),
    "watched_words": ("word",),
}


def write_in_arabic() -> None:
    """Replace what people have written by Arabic words, with an exclamation mark at the end.

    The mark is on the left where the direction is right, and on the right where it is not.
    """
    with db.transaction() as session:
        for name, columns in COLUMNS.items():
            table = Base.metadata.tables[name]
            session.execute(
                update(table).values({column: f"{WORD} {column}!" for column in columns})
            )
        accounts = Base.metadata.tables["accounts"]
        number = type_coerce(accounts.c.id.cast(String), String)
        session.execute(update(accounts).values(handle=literal(WORD) + number))
