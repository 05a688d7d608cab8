"""Reports as files beside their pages, and the links to them."""
