"""Hostile and unlucky input: mutators, what must hold for whatever they make, and the runs. See ``__main__.py``."""
