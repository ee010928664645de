"""What is true of a world by the definitions, computed beside the product."""
