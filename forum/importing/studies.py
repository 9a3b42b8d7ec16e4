"""Lines about studies: made and opened in the past, with the consents that people gave there."""

from typing import cast

from forum.core import clock
from forum.core.errors import NotFound
from forum.importing.records import Record, Refused, short
from forum.importing.references import References
from forum.research import queries, service
from forum.research.models import Study
from forum.research.studies import planning
from forum.research.studies.fields import Facts


def study(known: References, record: Record, _line: int) -> bool:
    """Plan a study, and open it if the line says since when; leave one alone that is there."""
    slug = record.text["slug"]
    if _found(slug):
        return False
    facts = {name: words for name, words in record.text.items() if name not in {"slug", "document"}}
    if record.switches.get("linkage"):
        facts["linkage"] = "yes"
    study_id = planning.create_study(
        slug,
        document=record.text["document"],
        **cast("Facts", facts),
        group_ids=[known.group(each) for each in record.lists["groups"]],
    )
    if record.at:
        planning.open_study(study_id, at=record.at)
    known.imported_studies.add(slug)
    return True


def consent(known: References, record: Record, _line: int) -> bool:
    """Note what somebody agreed to elsewhere, for a study that this run has made.

    Later runs leave consents alone, since people may have changed or erased theirs here.
    """
    person, slug = known.person(record.text["handle"]), record.text["study"]
    about = _found(slug)
    if about is None:
        raise Refused(f"There is no study {short(slug)}; name studies before consents.")
    if slug not in known.imported_studies:
        if queries.participant_key(person.id or 0, about.id):
            return False
        raise Refused(
            f"{short(slug)} was there before this run, and people now decide about it themselves."
        )
    if about.opened_at is None or (record.at and record.at < about.opened_at):
        raise Refused("This is before the study opened, so that nobody can have agreed yet.")
    try:
        view = queries.study_for(person, slug)
    except NotFound as missing:
        raise Refused(f"{person.handle} is in none of the groups of {short(slug)}.") from missing
    if view.consent and record.at and record.at < view.consent.given_at:
        raise Refused(f"{person.handle} has agreed to something else in {short(slug)} since then.")
    return service.give_consent(
        person,
        slug,
        version=view.version,
        clauses=record.lists["clauses"],
        at=record.at or clock.now(),
    )


def _found(slug: str) -> Study | None:
    try:
        return queries.study_at(slug)
    except NotFound:
        return None
