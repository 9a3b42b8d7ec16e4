"""The record of participants' activity, and the measures computed from it."""
