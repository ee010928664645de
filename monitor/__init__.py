"""friction-monitor: what every team spends waiting on other teams, made computable."""
