"""Paragraphs and grids become figures: titles, tables, rows and columns are recognised by the labels of the forms.

Imports ``core`` and ``importers.readers``.
"""
