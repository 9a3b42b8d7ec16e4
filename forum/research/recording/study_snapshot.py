"""A study's record as files, from which figures and releases are made."""

from pathlib import Path

from forum.research.recording import study_participants


def write(study_id: int, folder: Path) -> None:
    """Write a study's record, as it is at this moment, into a folder. Raises OSError."""
    from forum.activity import snapshot_writer  # loads pyarrow, which no page needs

    snapshot_writer.write(
        folder,
        study_participants.participants(study_id),
        study_participants.participant_keys(study_id),
    )
