"""Tests of browser, core."""
