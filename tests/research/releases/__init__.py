"""Tests of research: releases."""
