"""Attacks through data, file access, and the results of faults: see docs/background/security-protections.md."""
