"""Ten journeys in real browsers: how many taps and seconds each takes; see docs/journeys.md."""
