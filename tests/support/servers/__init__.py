"""Running servers, and those who connect to them."""
