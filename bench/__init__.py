"""Benchmark and generator: `run`, `seed` and `report` outside of Odoo, the rest inside one."""
