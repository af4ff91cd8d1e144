"""How one attempt at a step runs: its files, its process, its log and its outputs."""
