"""Studies, their participants, simulated communities and their releases."""
