"""Work beside the requests: periodic, in steps, or off the loop."""
