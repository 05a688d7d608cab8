"""Packs: a built site as one archive that can be verified.

Imports ``core``.
"""
