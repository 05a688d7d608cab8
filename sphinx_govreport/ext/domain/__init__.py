"""The domain ``gov``: what pages say of reports, kept with Sphinx's environment, and which pages are out of date."""
