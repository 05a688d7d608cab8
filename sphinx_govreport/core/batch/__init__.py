"""Read and check any number of year files on an executor.

Imports everything else in ``core``.
"""
