"""What templates are given: addresses of files, avatars, the colour scheme, cached fragments."""
