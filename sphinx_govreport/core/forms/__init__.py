"""Forms: read, checked and laid out as tables without figures.

Imports ``core.yaml``.
"""
