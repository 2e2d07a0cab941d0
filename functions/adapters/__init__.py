"""The outside, one file per thing outside. Each is a module with a few functions: `journal.read(case_id)`."""
