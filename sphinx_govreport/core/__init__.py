"""The core: year file → source → report → findings → table → output, without Sphinx and docutils."""
