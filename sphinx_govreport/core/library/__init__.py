"""All reports of a site: their files, each read and checked once, and the caches that keep what was read."""
