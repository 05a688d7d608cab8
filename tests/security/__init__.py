"""Attacks through data, file access, and the results of faults: see docs/reference/security.md."""
