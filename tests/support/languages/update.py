"""Bring the catalogues up to date with the texts: `make messages`, with LANGUAGE=fr for a new one.

New texts are added without a translation, and those that are gone are left out.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from forum.core.translation import catalogues
from tests.support.languages import extraction

HEADER = """\
# Common Thread in {name}; see docs/translating.md.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def update(path: Path, template: Catalog) -> int:
    """Bring one catalogue up to date; return how many texts have no translation yet."""
    catalogue = read(path) if path.is_file() else Catalog(locale=path.stem)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    save(path, catalogue)
    return sum(1 for message in catalogue if message.id and not is_done(message.string))


def is_done(translation: object) -> bool:
    """Whether all forms of a translation are there."""
    return all(translation) if isinstance(translation, tuple | list) else bool(translation)


def read(path: Path) -> Catalog:
    """Return what a file of translations holds."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, ignore_obsolete=True)


def save(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that the same texts always make the same file."""
    locale = catalogue.locale
    name = locale.english_name if locale else path.stem
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        head = HEADER.format(name=name, code=locale, plural=catalogue.plural_forms)
        file.write(head.encode())
        write_po(
            file,
            catalogue,
            width=100,
            omit_header=True,
            ignore_obsolete=True,
            include_lineno=False,
            sort_by_file=True,
        )


def main(languages: list[str]) -> None:
    """Update all catalogues, and begin those of these languages."""
    template = extraction.template()
    paths = extraction.files() | {code: catalogues.FOLDER / f"{code}.po" for code in languages}
    for language, path in sorted(paths.items()):
        print(f"{language}: {update(path, template)} of {len(template)} texts to translate")


if __name__ == "__main__":
    main(sys.argv[1:])
