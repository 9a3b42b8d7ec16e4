"""Tests of browser, search."""
