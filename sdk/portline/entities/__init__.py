"""What a pipeline is made of, as Python objects: components, nodes, jobs, data, environments, schedules."""
