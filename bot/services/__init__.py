"""The verbs: one file an activity, functions that take an open Work (or the office, where they open their own)."""
