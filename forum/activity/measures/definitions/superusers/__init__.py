"""Who does most, by definitions that disagree."""
