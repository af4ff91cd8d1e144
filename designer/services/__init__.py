"""What people do with pipelines and templates; the only place that changes their rows."""
