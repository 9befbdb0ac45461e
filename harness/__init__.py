"""A hardware-in-the-loop test harness for head units."""

__version__ = "0.6.0"
