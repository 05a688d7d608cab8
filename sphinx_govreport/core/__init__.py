"""Reports, forms, checks and tables, without Sphinx and docutils. It imports nothing of the package outside of ``core``."""
