"""Questionnaires over time: planning them, answering them, reminding of them."""
