"""The project itself: its documentation for contributors, and the files it ships."""
