"""The console room: the unit's serial log."""
