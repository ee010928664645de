"""Facts, teams, working time, segments and timelines: the words of the project, pure."""
