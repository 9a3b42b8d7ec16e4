"""A study's figures: who is counted, what is drawn, and when."""
