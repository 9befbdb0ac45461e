"""Sealing a pack and checking a seal, strictly; and trying to get past that check."""
