"""Requirements, observations and the decision rule."""
