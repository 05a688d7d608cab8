"""Reports, forms, checks and tables, without Sphinx and docutils.

Imports nothing of the package outside of ``core``.
"""
