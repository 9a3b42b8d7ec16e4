"""Instruments: questionnaires as reviewed files, their scores, and answers that need help."""
