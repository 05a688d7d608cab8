"""The domain ``gov``: what pages say of reports, and which pages are out of date.

Imports ``ext.nodes`` and ``ext.log``.
"""
