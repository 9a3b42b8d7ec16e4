"""What all forms share: edits at the same time, and warnings before something is sent."""
