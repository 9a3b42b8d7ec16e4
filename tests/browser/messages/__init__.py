"""Tests of browser, private messages."""
