"""Servers, load generators and the report that measurements share."""
