"""For any WSGI server: `gunicorn -k gevent wsgi:app`."""

from forum.app import create_app
from forum.core import logs

logs.catch_strays()
app = create_app()
