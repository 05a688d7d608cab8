"""Packs: their content, and the findings for changed ones."""
