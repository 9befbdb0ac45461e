"""The room of single wires: KL15, ACC, reverse, bus short."""
