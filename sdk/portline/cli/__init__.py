"""The command `portline`: nouns and verbs of `az ml`. Modules here import nothing slow at their top."""
