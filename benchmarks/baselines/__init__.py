"""The bare applications and writers that the forum is compared with."""
