"""How fast the forum is, each figure as a ratio to a bare baseline measured in the same run."""
