"""Everything that may be recorded has a name on pages."""

from forum.activity.catalogue import ABOUT_OTHERS, EVENT_TYPES
from forum.research import record_labels
from forum.research.queries import OWN_EVENT_COLUMNS


def test_every_event_and_every_field_has_a_label() -> None:
    assert set(record_labels.EVENTS) == set(EVENT_TYPES)
    own = {column.key for column in OWN_EVENT_COLUMNS} - {"at", "kind"}
    assert set(record_labels.FIELDS) == own | set(ABOUT_OTHERS)
    assert len(record_labels.described()) == len(EVENT_TYPES)
