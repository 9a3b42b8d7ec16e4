"""The instrument: what is recorded of people who agreed to it, and what is measured."""
