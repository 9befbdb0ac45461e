"""Evidence packs: everything of a run that a stranger needs, as a folder and as a zip of the same bytes."""
