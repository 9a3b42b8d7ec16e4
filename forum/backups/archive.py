"""The file of a backup: a compressed tar with a manifest first, each file checked by its digest."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from forum.backups import manifest
from forum.backups.manifest import Manifest
from forum.backups.refusals import Refused

DATABASE = "database"
DAMAGED = "This backup is damaged: {}. Take another one."
NOT_ONE = "This file is not a backup of a forum, or it is damaged."
_BLOCK = 1 << 20
_LEVEL = 6


def write(path: Path, told: Manifest, files: Iterable[tuple[str, Path]]) -> None:
    """Write the manifest and these files, by their names. Raises OSError."""
    with tarfile.open(path, "w:gz", compresslevel=_LEVEL) as tar:
        content = told.to_json()
        head = tarfile.TarInfo(manifest.NAME)
        head.size, head.mode, head.mtime = len(content), 0o600, int(told.made_at.timestamp())
        tar.addfile(head, io.BytesIO(content))
        for name, source in files:
            tar.add(source, name, recursive=False, filter=_without_owner)


def unpack(path: Path, into: Path) -> Manifest:
    """Unpack a backup into an empty folder, and check all of it. Raises Refused, OSError."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != manifest.NAME or first.size > _BLOCK:
                raise Refused(NOT_ONE)
            told = manifest.from_json(_content(tar, first))
            while member := tar.next():
                if not member.isfile() or member.name not in told.files:
                    raise Refused(DAMAGED.format(f"it holds {member.name}, which is not listed"))
                tar.extract(member, into, filter="data")
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise Refused(NOT_ONE) from problem
    for name, digest in told.files.items():
        if not (into / name).is_file():
            raise Refused(DAMAGED.format(f"{name} is missing"))
        if digest_of(into / name) != digest:
            raise Refused(DAMAGED.format(f"{name} is not what was written"))
    return told


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
