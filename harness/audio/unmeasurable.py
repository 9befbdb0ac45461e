"""A sound that does not hold what a figure needs: too short, silent, never the same as the reference."""

from __future__ import annotations


class Unmeasurable(Exception):
    """The figure cannot be had from this sound; the message says why. Whose fault that is the caller knows."""
