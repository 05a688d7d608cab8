"""The check rules: they turn reports and pages into findings.

Imports ``core.reports`` and what that imports; reads no files.
"""
