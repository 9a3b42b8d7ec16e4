"""Tests of threads: restructuring."""
