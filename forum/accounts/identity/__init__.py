"""Names: handles and what they look like, public ids, e-mail addresses."""
