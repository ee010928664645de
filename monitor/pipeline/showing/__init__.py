"""Show: the books as numbers of one instant, for metrics and for pages."""
