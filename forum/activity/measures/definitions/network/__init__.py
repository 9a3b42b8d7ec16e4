"""Who answers whom, and who meets in the same threads."""
