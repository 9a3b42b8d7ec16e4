"""Items of the moderation queue: what each holds, who sees it, and the steps that change it."""
