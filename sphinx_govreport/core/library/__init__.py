"""All reports of a site, each read and checked once, and the caches between builds.

Imports ``core.checks`` and what that imports.
"""
