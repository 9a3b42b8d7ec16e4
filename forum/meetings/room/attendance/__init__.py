"""Who attended, for how long, and how evenly speaking turns were shared."""
