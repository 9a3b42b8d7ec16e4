"""What everybody may expect here: the community guidelines, and how to complain."""
