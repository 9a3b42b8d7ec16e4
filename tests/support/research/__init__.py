"""Studies, their participants, simulated communities and what is released of them."""
