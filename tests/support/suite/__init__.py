"""What concerns the tests as a whole: their speed, their thoroughness, their names."""
