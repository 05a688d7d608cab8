"""Tests of sphinx_govreport."""
