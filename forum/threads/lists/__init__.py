"""Lists of threads: a group's, the first page's, and those of somebody who mutes or blocks."""
