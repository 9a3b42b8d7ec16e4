"""What researchers fill in: the facts of a study, and requests for releases."""

from forum.research.releases.release_request import ReleaseRequest
from forum.research.studies import fields
from tests.support.research import study_world

FACTS: fields.Facts = {
    "title": "Sleep",
    "about": "Whether company helps.",
    "run_by": "A university",
    "ethics": "Board 7",
    "contact": "Desk 12",
}
# All fields of the pages for researchers; the password is not theirs.
FORM = {
    "title": "Sleep and company",
    "about": "Whether company helps.",
    "run_by": "A university",
    "ethics": "Board 7",
    "contact": "Desk 12",
    "document": study_world.WORDS,
    "slug": "another",
    "handle": "nobodyhere",
    "tier": "aggregate",
    "made_by": "Dr Example",
    "reason": "A paper",
    "password": "wrong",
    "ask-phq-8": "every_wave",
    "days": "0, 14, 91, 182, 365",
    "opens_before_days": "3",
    "closes_after_days": "21",
}
REQUEST = ReleaseRequest(
    "evenings",
    "Evening groups",
    "microdata",
    made_by="R. Example",
    reason="The yearly report",
    seed=5,
)
