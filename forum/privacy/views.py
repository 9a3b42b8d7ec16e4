"""The HTTP door of privacy."""

from flask import Blueprint

bp = Blueprint("privacy", __name__)
