"""Nothing but our own scripts and styles is kept by a browser or by anything on the way."""

from io import BytesIO

from flask import Flask, send_file

from tests.support import factories as make


def test_pages_downloads_and_calendars_are_not_kept(app: Flask) -> None:
    from forum.meetings.calendars import service as calendars

    app.add_url_rule("/a-file", view_func=lambda: send_file(BytesIO(b"x"), mimetype="text/plain"))
    client = app.test_client()
    me = make.log_in(client, make.person())
    for path in (
        "/a-file",
        "/",
        "/account",
        "/session",
        f"/calendars/{calendars.create_calendar(me)}.ics",
        "/nowhere",
    ):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_scripts_are_kept(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/login").text
    script = page.split('src="')[1].split('"')[0]
    assert "public" in client.get(script).headers["Cache-Control"]
