"""The audit log of actions, and the access log of hidden content."""
