"""Rigs: which driver stands behind each port; opened and closed in order."""
