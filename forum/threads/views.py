"""The HTTP door of threads."""

from flask import Blueprint

bp = Blueprint("threads", __name__)
