"""Trend charts: figures of several years as shapes, written as SVG or TikZ.

Imports ``core.library`` and what that imports.
"""
