"""Published documents become year files: readers make grids of them, labels tell which cell is which figure."""
