"""The builders ``govword`` and ``govfragment``.

Imports everything else in ``ext``.
"""
