"""The documents of a release: codebook, data package, disclosure report, and a word to read."""

import json
from collections.abc import Mapping

import jinja2

from forum.core.web.templating import assets
from forum.research.releases.disclosure.disclosure_limits import LIMIT
from forum.research.releases.package.schema import Field, Release, ReleaseMetadata

Sizes = Mapping[str, tuple[int, str]]
TIERS = {
    "aggregate": "Aggregates: counts and sums without small numbers.",
    "microdata": "Banded microdata: one row for each participant.",
    "panel": "A banded panel: one row for each participant and four weeks.",
    "events": "Pseudonymous personal data: event rows, under agreement only.",
}
PSEUDONYMOUS = """\
PSEUDONYMOUS PERSONAL DATA

These rows are about living people, who can be recognised by others that know when they wrote.
They are not anonymous. They are for {recipient} alone, for what the agreement says, and are to be
deleted when it says so. Whoever is told that a participant has withdrawn deletes their rows.
"""


def render_documents(release: Release, about: ReleaseMetadata, sizes: Sizes) -> dict[str, str]:
    """Return each document by its file's name; `sizes` are those of the data files."""
    report = disclosure_report(release, about)
    documents = {
        "codebook.md": _rendered("codebook.md", release, about, report),
        "disclosure.html": _rendered("disclosure.html", release, about, report),
        "disclosure.json": _json(report),
        "datapackage.json": _json(data_package(release, about, sizes)),
    }
    if release.tier == "events":
        name = "README-pseudonymous-personal-data.txt"
        documents[name] = PSEUDONYMOUS.format(recipient=about.recipient)
    return documents


def disclosure_report(release: Release, about: ReleaseMetadata) -> dict[str, object]:
    """Return what was done to protect everybody, and how well it withstood attack.

    How often attacks succeeded is no noisy number, so it stays in the ledger where noise is to keep
    a promise.
    """
    return {
        "study": about.study,
        "tier": release.tier,
        "about": TIERS[release.tier],
        "made_on": f"{about.at:%Y-%m-%d}",
        "limit": LIMIT if release.tier != "events" else None,
        "attacks": [] if release.epsilon else [each.as_dict() for each in release.attacks],
        "findings": dict(release.findings),
    }


def data_package(release: Release, about: ReleaseMetadata, sizes: Sizes) -> dict[str, object]:
    """Return the description that Frictionless reads (Data Package, datapackage.org)."""
    resources = []
    for table in release.tables:
        schema = {"fields": [_described(field) for field in table.fields], "missingValues": [""]}
        path = f"{table.name}.csv"
        length, digest = sizes[path]
        resources.append(
            {
                "name": table.name,
                "type": "table",
                "path": path,
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": length,
                "hash": f"sha256:{digest}",
                "description": table.about,
                "schema": schema,
            }
        )
    return {
        "name": f"{about.study}-{release.tier}",
        "title": about.title,
        "description": f"{TIERS[release.tier]} {about.purpose}".strip(),
        "created": f"{about.at:%Y-%m-%d}T00:00:00Z",
        "resources": resources,
    }


def _described(field: Field) -> dict[str, object]:
    described: dict[str, object] = {
        "name": field.name,
        "type": field.type,
        "description": field.definition,
    }
    if field.levels:
        levels = list(field.levels)
        described |= {"constraints": {"enum": levels}, "categories": levels}
        described["categoriesOrdered"] = True
    return described | ({"format": "%Y-%m-%dT%H:%M:%SZ"} if field.type == "datetime" else {})


def _rendered(
    name: str, release: Release, about: ReleaseMetadata, report: dict[str, object]
) -> str:
    folder = assets.folder("templates") / "research" / "releases" / "package"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(release=release, about=about, report=report)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
