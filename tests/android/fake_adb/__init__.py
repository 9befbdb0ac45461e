"""An adb server with scripted Androids behind it, for tests: the host protocol over TCP, spoken truly."""
