"""What a release could give away: k-anonymity, attacks, noise and the privacy budget."""
