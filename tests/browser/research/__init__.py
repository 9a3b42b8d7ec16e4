"""Tests of browser, research."""
