"""The project itself: what it tells contributors, and what it ships."""
