"""Hostile and damaged input: mutators, conditions for all their results, and the runs. See ``__main__.py``."""
