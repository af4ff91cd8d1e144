"""Pipelines as Azure ML v2 writes them in YAML, read into documents. One subject a file; `reading` is the door.

Source of the formats: `pipelineJob.schema.json`, `pipelineComponent.schema.json` and those of the jobs in them
(`shared/azureml.md` 2.1 to 2.8), and what `azure-ai-ml` 1.35 does with them.
"""
