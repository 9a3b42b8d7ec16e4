"""Tests of browser, threads."""
