"""Text as the index knows it: words, their stems, and the keys under which these are found."""
