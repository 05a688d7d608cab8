"""Packs: what is in them, and what is said of those that are not as they were."""
