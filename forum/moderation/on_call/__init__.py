"""The on-call rota, and moderators' wellbeing."""
