"""For any WSGI server: `gunicorn -k gevent wsgi:app`."""

from forum.app import create_app
from forum.core.db import compiled_sql
from forum.core.ops import logs

logs.catch_strays()
app = create_app()
compiled_sql.compile_all()
