"""The least that a reply through Flask can be: a request that commits one row."""

import os

from flask import Flask, request

from benchmarks.baselines import committed_rows

app = Flask(__name__)
_idle: list[committed_rows.Commit] = []  # connections that nobody is using


@app.get("/ready")
def ready() -> str:
    """Answer."""
    return "ok"


@app.post("/rows")
def row() -> tuple[str, int]:
    """Commit a row, and give back what was sent."""
    commit = _idle.pop() if _idle else committed_rows.connect(os.environ["BARE_ROWS"])
    commit()
    _idle.append(commit)
    return request.form["body"], 201
