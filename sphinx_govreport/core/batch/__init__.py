"""Any number of year files, read and checked over an executor.

Imports everything else in ``core``.
"""
