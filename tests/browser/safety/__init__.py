"""Tests of browser, safety."""
