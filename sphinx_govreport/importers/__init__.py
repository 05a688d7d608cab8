"""Published documents become reports.

Imports ``core``.
"""
