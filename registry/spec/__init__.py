"""What a component is: its spec, its port types, and how both are read from Azure ML YAML.

Pure Python: no Django, no network; the one module that touches files is `folder`.
"""
