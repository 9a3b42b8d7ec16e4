"""Ways out of the forum, each in a file that is found by being there."""
