"""What members have chosen: how often they are told of what and where, and when not at all."""
