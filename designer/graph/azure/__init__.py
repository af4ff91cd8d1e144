"""Documents as Azure ML v2 YAML."""
