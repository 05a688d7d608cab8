"""Packs: a built site as one archive that says what is in it and how its checks went, and that can be verified."""
