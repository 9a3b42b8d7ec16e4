"""Tests of threads, reader."""
