"""Each type of notification in a file: who receives it, what it says, where it leads, when."""
