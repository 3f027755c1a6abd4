"""What `make` calls: set-up of Odoo and PostgreSQL, servers for demo and tests, tests, linters.

Runs on the system's Python (3.10 or newer) with the standard library alone; only modules that say so need the
virtual environment. One concern per file; `python3 -m dev help` lists the commands.
"""
