"""The root of the tree for pytest.

Nothing of ours is imported here: the plugin comes by its entry point, and a second registration under another name
would stop pytest at its start.
"""
