"""Tests of what members chose about notifications."""
