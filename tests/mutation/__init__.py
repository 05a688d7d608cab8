"""Mutation tests of the core: small bugs are inserted, and the tests must detect them. Run by ``make mutation``."""
