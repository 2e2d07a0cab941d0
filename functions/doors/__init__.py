"""The doors of the API: one file per kind of visitor or errand. Who may come in is decided in one place, access.py."""
