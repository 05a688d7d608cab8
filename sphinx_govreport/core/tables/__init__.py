"""A form's table with the figures of a report, and its HTML.

Imports ``core.library`` and what that imports.
"""
