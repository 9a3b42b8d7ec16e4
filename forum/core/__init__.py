"""What every slice stands on: database, events, text, web, realtime, clock, mail, ids."""
