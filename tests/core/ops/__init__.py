"""Tests of core, ops."""
