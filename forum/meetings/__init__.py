"""Scheduled, facilitated live chat: a group meets regularly."""
