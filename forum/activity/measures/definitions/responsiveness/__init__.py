"""Whether people are answered; only answers by participants are in the record."""
