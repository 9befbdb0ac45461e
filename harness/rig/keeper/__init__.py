"""The keeper: the process that outlives the test, holds buses, lines and supply, and leaves the rig safe."""
