"""The CAN room: buses, frames, databases, protection, rest-bus."""
