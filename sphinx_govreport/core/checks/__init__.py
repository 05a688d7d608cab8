"""The check rules: a report, last year's report and the page become findings. Nothing here reads files."""
