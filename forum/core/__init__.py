"""What every slice is built on: database, events, text, web, realtime, clock, mail, ids."""
