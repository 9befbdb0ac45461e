"""What a rig's self-check looks at: each port in turn, then all of them at one event."""
