"""The car's data: roles, events, protection, limits; checked against its DBC files."""
