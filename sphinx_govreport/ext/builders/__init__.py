"""Builders of our own: Word documents, and fragments to paste into a CMS."""
