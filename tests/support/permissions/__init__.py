"""The tables of who may what, and the worlds that they are tried in."""
