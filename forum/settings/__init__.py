"""Everything that can be set from outside."""
