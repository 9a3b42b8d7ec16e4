"""How unevenly posts are spread over people."""
