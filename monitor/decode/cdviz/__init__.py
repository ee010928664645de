"""CDviz: what its CDEvents say of GitHub. It begins in ``told``."""
