"""Statistics that several measures and figures share."""
