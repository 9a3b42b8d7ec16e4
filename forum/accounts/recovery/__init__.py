"""Back into an account without its password."""
