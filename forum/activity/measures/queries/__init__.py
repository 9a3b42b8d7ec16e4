"""SQL that several measures and figures share."""
