"""Worlds that tests begin with: groups, rooms, a queue, and the people in them."""
