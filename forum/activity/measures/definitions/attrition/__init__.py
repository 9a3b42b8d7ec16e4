"""Who stays: leaving the study and no longer using the forum, told apart."""
