"""What is to be sent outside the forum: written with what it is about, sent by a worker."""
