"""Every measurement and verdict of a run once more, from the raw recordings alone."""
