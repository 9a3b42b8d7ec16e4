"""Encrypting a backup to a public key, and opening it with the private one (age)."""

from pathlib import Path

from forum.backups.refusals import Refused

BEGINS_WITH = b"age-encryption.org/"


def is_encrypted(path: Path) -> bool:
    """Whether a file is encrypted in age's format."""
    with path.open("rb") as file:
        return file.read(len(BEGINS_WITH)) == BEGINS_WITH


def encrypt(path: Path, into: Path, recipient: str) -> None:
    """Encrypt a file to a public key, `age1…`. Raises Refused for what is no such key."""
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient)]
    except pyrage.RecipientError as problem:
        raise Refused("The backup's key must be a public key of age, age1….") from problem
    pyrage.encrypt_file(str(path), str(into), keys)


def decrypt(path: Path, into: Path, identity: Path | None) -> None:
    """Open an encrypted file with the private key in a file. Raises Refused."""
    import pyrage

    if identity is None:
        raise Refused("This backup is encrypted. Name the file with your key: --identity FILE.")
    try:
        lines = [line.strip() for line in identity.read_text("utf-8").splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
        pyrage.decrypt_file(str(path), str(into), keys)
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"The key in {identity} cannot be read.") from problem
    except (pyrage.IdentityError, pyrage.DecryptError) as problem:
        raise Refused(f"The key in {identity} does not open this backup.") from problem
