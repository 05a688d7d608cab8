"""Mutation tests of the core: small slips are put into it, and the tests must see them. Run by ``make mutation``."""
