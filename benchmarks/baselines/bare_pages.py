"""What the forum is compared with: the least that Flask and Flask-SocketIO can do."""

from flask import Flask, Response, request
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")


@app.get("/bytes/<int:count>")
def page(count: int) -> Response:
    """Answer so many bytes."""
    return Response(b"x" * count, content_type="text/html; charset=utf-8")


@app.post("/emit")
def emit() -> str:
    """Send the body to every socket, as the forum sends a new post."""
    socketio.emit("post:created", request.get_json())
    return "ok"
