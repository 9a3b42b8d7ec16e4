"""Posts: written, changed, moderated, erased; who may reply, and whom a post mentions."""
