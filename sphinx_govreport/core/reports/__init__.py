"""Reports read by their form; quotations, series, records and roll-ups of their figures.

Imports ``core.forms`` and ``core.yaml``.
"""
