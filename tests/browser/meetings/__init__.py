"""Tests of browser, meetings."""
