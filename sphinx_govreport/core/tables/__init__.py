"""A form's table with the figures of a report, and how it is printed as HTML."""
