"""The seeded community that is measured, and its visitors."""
