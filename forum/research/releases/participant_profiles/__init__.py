"""What is known of each participant, and how finely each variable of it can be told."""
