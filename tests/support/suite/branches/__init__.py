"""Which branches of `forum/` the tests take, at next to no cost."""
