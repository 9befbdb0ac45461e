"""The supply room: volts and amperes on KL30."""
