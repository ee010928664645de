"""Facts, teams, working time, segments and timelines, pure: the project's words."""
