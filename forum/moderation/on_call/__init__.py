"""The on-call rota, and what moderators carry."""
