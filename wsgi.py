"""For any WSGI server: `gunicorn -k gevent wsgi:app`."""

from forum.app import create_app

app = create_app()
