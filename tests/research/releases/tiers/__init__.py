"""Tests of research: tiers."""
