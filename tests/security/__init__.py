"""What data can carry, where files may go, and what faults leave behind: see docs/reference/security.md."""
