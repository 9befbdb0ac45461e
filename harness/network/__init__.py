"""The network room: the unit's link to the world."""
