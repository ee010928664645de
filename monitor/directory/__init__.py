"""Who owns what, as of a time: the teams file and its resolver, pure."""
