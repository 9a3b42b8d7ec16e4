"""For any WSGI server: `gunicorn -k gevent wsgi:app`."""

from forum.app import create_app
from forum.core import logs, prepared

logs.catch_strays()
app = create_app()
prepared.compile_all()
