"""Tests of templates and what they are rendered with."""
