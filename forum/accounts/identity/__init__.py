"""Names: handles and what they look like, public ids, email addresses."""
