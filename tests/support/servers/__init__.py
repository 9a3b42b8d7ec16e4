"""Running servers, and their clients."""
