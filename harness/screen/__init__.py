"""The screen room: pictures, touch, codes."""
