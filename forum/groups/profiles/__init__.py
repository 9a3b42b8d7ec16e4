"""One person as others meet them."""
