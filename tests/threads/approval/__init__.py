"""Tests of threads, approval."""
