"""Lists of threads: a group's, the first page's, and what mutes and blocks change in them."""
