"""The unit as a process of its own: real plugs instead of memory ones, on the wall clock."""
