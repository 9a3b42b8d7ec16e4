"""How a meeting passes from scheduled to over."""
