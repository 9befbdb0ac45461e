"""The phone room: the driver's phone, the accounts, and the messaging backend's core."""
