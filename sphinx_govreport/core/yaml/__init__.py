"""YAML text as nodes with positions, and the pitfalls of YAML.

Imports only the modules of ``core`` itself.
"""
