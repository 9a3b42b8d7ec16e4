"""Static files under an address with their digest, so browsers can keep them for good."""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

YEAR_S = 365 * 24 * 3600
# The sheets of every page, in their order, sent as one, since a page waits for all of them.
EVERY_PAGE = "css/core/every_page.css"
SHEETS = (
    "core/tokens",
    "core/base",
    "core/layout",
    "core/site_bars",
    "core/forms",
    "core/components",
    "core/tables",
    "core/confirmation",
    "core/navigation",
    "core/menus",
    "threads/posts",
)
SQUEEZED = {".css", ".js", ".svg", ".txt"}


def folder(name: str) -> Path:
    """Return `templates` or `static`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[3]
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def init(app: Flask) -> None:
    """Serve `static/` below one digest of the whole tree, so relative imports work too."""
    root = folder("static")
    version = _digest(root)
    app.jinja_env.globals["asset"] = lambda path: f"/static/{version}/{path}"
    app.add_url_rule(
        "/static/<version>/<path:path>", "asset", lambda version, path: _serve(root, version, path)
    )


def _digest(root: Path) -> str:
    tree = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        tree.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return tree.hexdigest()[:12]


def _serve(root: Path, _version: str, path: str) -> Response:
    found = safe_join(str(root), path)
    if path == EVERY_PAGE:
        files = tuple(str(root / "css" / f"{sheet}.css") for sheet in SHEETS)
    elif found is not None and Path(found).is_file():
        files = (found,)
    else:
        raise NotFound
    squeeze = Path(path).suffix in SQUEEZED and request.accept_encodings.quality("br") > 0
    answer = Response(_content(files, squeeze), content_type=_content_type(path))
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    if squeeze:
        answer.headers["Content-Encoding"] = "br"
    return answer


@lru_cache(maxsize=512)
def _content(paths: tuple[str, ...], squeeze: bool) -> bytes:
    content = b"".join([Path(path).read_bytes() for path in paths])
    return brotli.compress(content) if squeeze else content


def _content_type(path: str) -> str:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
