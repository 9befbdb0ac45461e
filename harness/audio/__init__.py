"""The sound room: lines, captures, stimuli, and what can be measured in them."""
