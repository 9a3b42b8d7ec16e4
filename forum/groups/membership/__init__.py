"""Who belongs to a group, in which role, and what removals and silencing mean."""
