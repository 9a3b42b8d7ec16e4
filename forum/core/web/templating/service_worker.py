"""What a browser keeps of the forum for who has turned push messages on: a script and one page.

The script shows push messages, and the page where there is no connection. It is the same for
everybody, and so is the page, which names nobody: nothing else is ever kept.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, render_template

from forum.core.web.templating import assets

SCRIPT, OFFLINE = "/service-worker.js", "/offline"
# What the script may do: ask this forum, and nobody else.
POLICY = "default-src 'none'; connect-src 'self'"


def init(app: Flask) -> None:
    """Serve both; the script lies at the top, as it answers for the whole forum."""
    script = assets.folder("static") / "js" / "core" / "service_worker.js"
    app.add_url_rule(SCRIPT, "service_worker", lambda: _script(script))
    app.add_url_rule(OFFLINE, "offline", offline)


def _script(path: Path) -> Response:
    """Answer the script, which is another one whenever a file that it keeps is."""
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    kept = [OFFLINE, asset(assets.EVERY_PAGE)]
    icon = asset("icons/icon-192.png")
    head = f"const KEPT = {json.dumps(kept)};\nconst ICON = {json.dumps(icon)};\n"
    answer = Response(head + path.read_text("utf-8"), content_type="text/javascript; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def offline() -> str:
    """Show what is shown where there is no connection; it asks nothing of the database."""
    return render_template("core/offline.html")
