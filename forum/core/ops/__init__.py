"""How the forum is: logs, metrics, health."""
