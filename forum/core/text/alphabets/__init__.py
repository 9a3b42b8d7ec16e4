"""What letters of all alphabets are made of, which way they run, and which leave no mark."""
