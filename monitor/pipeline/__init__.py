"""The data path: the runner, its ports and policies; its larger stages in folders."""
