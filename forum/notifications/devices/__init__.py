"""Devices on which somebody takes push messages: a browser, for as long as they are logged in."""
