"""Reports as files beside their pages, and the links to them.

Imports ``ext.domain`` and ``exporters``.
"""
