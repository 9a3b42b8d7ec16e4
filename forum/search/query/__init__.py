"""What somebody asks for: the words of the search box, and what they mean."""
