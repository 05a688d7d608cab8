"""Published documents become reports: readers make paragraphs and grids of them, ``recognise`` finds the figures."""
