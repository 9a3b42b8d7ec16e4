"""What is found, of what the reader may see: posts, titles, groups, people and meetings."""
