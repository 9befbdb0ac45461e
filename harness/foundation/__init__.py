"""What everything stands on: time, the time line, values and errors, the journal."""
