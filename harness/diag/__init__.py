"""Diagnostics over CAN: the one permitted edge between rooms."""
