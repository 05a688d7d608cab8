"""The check rules: reports and pages become findings.

Imports ``core.reports`` and what that imports; reads no files.
"""
