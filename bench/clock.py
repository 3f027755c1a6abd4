"""Measuring inside one Odoo process: wall time and SQL statements of whole transactions, commit included."""
import contextlib
import threading
import time

from odoo import SUPERUSER_ID, api


class Clock:
    """Adds up what happens in its blocks; what a test prepares outside of them is free."""

    def __init__(self, registry):
        self.registry = registry
        self.reset()

    def reset(self):
        self.seconds, self.queries = 0.0, 0

    @contextlib.contextmanager
    def transaction(self, uid=SUPERUSER_ID, commit=True):
        """A request of its own: fresh environment, empty record cache, one commit (or a flush and a rollback)."""
        context = {"lang": "en_US", "tz": "Europe/Prague"}
        if uid != SUPERUSER_ID:
            context["allowed_company_ids"] = [1]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, uid, context)
            started = time.perf_counter()
            yield env
            env.flush_all()
            if commit:
                cr.commit()
            self.seconds += time.perf_counter() - started
            self.queries += cr.sql_log_count
            if not commit:
                cr.rollback()

    @contextlib.contextmanager
    def request(self):
        """A request through Odoo's own web layer, which opens its cursors itself."""
        started = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - started
        self.queries += threading.current_thread().query_count
