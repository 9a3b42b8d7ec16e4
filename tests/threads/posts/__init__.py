"""Tests of threads, posts."""
