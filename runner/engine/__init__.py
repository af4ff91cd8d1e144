"""The rules of a run: states, planning, binding, retrying.

Pure Python: no Django, no I/O. Everything here is a function from values to values.
"""
