"""The search for what must not be handed on: secrets of a run, in whatever a pack or a run folder holds."""
