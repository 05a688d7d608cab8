"""Make a release, see docs/project/maintenance.md."""
