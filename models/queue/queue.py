import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.reasons import Reason
from ...tools.storable import reason_of, traceback_of
from .trial import Trial

_logger = logging.getLogger(__name__)
PAUSES = (5, 30, 120, 720, 1440)
# A row that so many processes died of while it was alone in work waits for somebody.
FATAL_DEATHS = 2
# Suspects that are tried in one transaction: one by one, a power cut in a thousand alarms would cost minutes.
TOGETHER = 25
# Conflicts with others in a row, after which the next run goes on.
PATIENCE = 20
# Rows after which a job calls the other jobs of its queue.
HELP_AFTER = 5
ALONE_LOCK = 0x5DA10E


@dataclass(frozen=True)
class Queue:
    """What one queue does differently; see :class:`ServicedeskQueue`."""

    name: str  # unique in the whole desk
    process: str  # method that works off the claimed rows, or raises
    jobs: tuple  # XML ids of ours: woken when something remains
    batch: int = 1  # rows in one transaction
    order: str = "id"
    once: bool = False  # rows may stay due although they were worked off: each is handed over once a run, by id
    marked: bool = True  # False where the row itself says, before anything can happen, that it is in work
    set_aside: str = "_let_rest"  # method that takes a :class:`Failure`, for one row in a transaction of its own
    pauses: tuple = PAUSES  # minutes that a row rests after its first, second … failure
    give_up: str = ""  # method that takes a row out of the queue after the last pause; without it the last one repeats


@dataclass(frozen=True)
class Failure:
    """Why a row is set aside, as the database can keep it; ``fatal``: processes died of it, it is not tried again."""

    queue: Queue
    reason: str
    traceback: str = ""
    fatal: bool = False

    @property
    def to_store(self):
        """What a ``ReasonChar`` keeps of it: what was raised is in no language anyway."""
        return Reason.of("stopped_twice") if self.fatal else self.reason


class ServicedeskQueue(models.AbstractModel):
    """Work that waits in a table and is done by jobs: one loop for all of it, whoever it is that works.

    **What is a queue?** A :class:`Queue` and the domain of what is due (let it have an index). A job calls
    :meth:`_work_off`, which hands the due rows to ``process`` in batches, until nothing is left or the time of the
    job is up. What then remains wakes the jobs at once: no worker is idle while work waits.

    **Each row once.** Rows are claimed by a row lock that passes over what others hold. What ``process`` does is
    committed with the claim, one transaction a batch: a process that dies leaves its rows as they were. What must not
    be done twice (a mail handed to a server) commits ``sending`` first and is ``unknown`` after a crash.

    **Conflicts** of transactions cost another look, ``PATIENCE`` of them in a row at most; then the next run goes on.

    **Poison.** Whatever ``process`` raises, or the database at flush or commit, is rolled back whole. A batch that
    failed is run again row by row. A single row is then *set aside* with its reason in a transaction of its own, and
    the next rows go on; where even that fails, what happened is written as plainly as can be. Nothing is tried for
    ever in the way of others, nothing vanishes: either the row says why (``failed``), or the list of what was set
    aside does (``servicedesk.queue.mark``), and is tried again after growing pauses.

    **Rows that kill the process** (a crash in a library, memory, SIGKILL). Before a batch is touched its rows are
    marked in a transaction of their own, one statement a batch. Marks found later tell that a process died: these
    rows are suspects and run ``TOGETHER`` at most, one such group at a time in the whole desk, while fresh rows go on
    beside them. Those of a group in which a process died run one by one; a row that has had ``FATAL_DEATHS`` in so
    small a company or alone is set aside, alone, until somebody says *Process again*.
    A stop of the server takes the marks back. A power cut accuses nobody, for marks are not waited for to reach the
    disk; cuts that hit the same suspect in these trials, twice, are taken for its fault: it is put back by hand.
    Marks are written by jobs; who calls the loop by hand has no process to lose.
    """

    _name = "servicedesk.queue"
    _description = "Queue"

    @api.model
    def _wake_jobs(self, *names, at=None):
        """Let jobs of ours run at once, or at one or several moments; the only way in which anything wakes a job.

        :param names: XML ids; without a module those of the service desk
        """
        for name in names:
            job = self.env.ref(name if "." in name else f"servicedesk.{name}", raise_if_not_found=False)
            if job:
                job.sudo()._trigger(at=at)  # sudo: nobody but administrators may touch jobs

    @api.model
    def _work_off(self, queue, get_due):
        """Work off one queue, as the class says.

        :param get_due: function that returns the domain of what is due at this moment
        :return: False where the time was up before the end
        """
        with closing(_Run(self, queue, get_due)) as run:
            return run.work()

    def _let_rest(self, failure):
        """Let a row rest, longer each time, where an administrator sees it; then the queue may give it up.

        :return: for how long it rests
        """
        queue = failure.queue
        Mark = self.env["servicedesk.queue.mark"].sudo()  # sudo: marks are the system's
        mark = Mark.search([("queue", "=", queue.name), ("res_id", "=", self.id)]) or Mark.create({
            "queue": queue.name, "res_model": self._name, "res_id": self.id})
        attempts = mark.attempts + 1
        over = queue.give_up and (failure.fatal or attempts > len(queue.pauses))
        pause = timedelta(minutes=queue.pauses[min(attempts, len(queue.pauses)) - 1])
        mark.write({
            "attempts": attempts, "in_work": False, "alone": False, "deaths": 0, "reason": failure.to_store,
            "traceback": failure.traceback, "aside": failure.fatal and not over,
            "next_at": False if over or failure.fatal else fields.Datetime.now() + pause,
        })
        if over:
            getattr(self, queue.give_up)(failure)
        return pause


class _Run:
    """One run of a job through its queue."""

    def __init__(self, model, queue, get_due):
        self.model, self.env, self.queue, self.get_due = model, model.env, queue, get_due
        # Who calls the loop by hand has no marks: its rows are its own transaction's, perhaps a test's.
        marked = queue.marked and "ir_cron_progress_id" in self.env.context
        self.trial = Trial(self.env, queue.name, model._name) if marked else None
        self.passed = self.env["servicedesk.queue.mark"]._get_resting(queue.name)
        self.groups = []  # lists of ids that come first: each of a batch that failed, suspects in small groups
        self.suspects = {}  # deaths by id
        self.last = self.count = self.conflicts = 0

    def close(self):
        if self.trial:
            self.trial.close()

    def work(self):
        while True:
            rows = self.model
            try:
                rows = self._claim()
                if not rows and not self.groups:
                    self._commit(0, remaining=0)
                    return True
                goes_on = self._work_on(rows)
            except TransactionRollbackError:  # another worker or a person was faster: look again
                self._roll_back()
                self.conflicts += 1
                goes_on = self.conflicts < PATIENCE
            except Exception as error:
                self._roll_back()
                goes_on = self._on_failure(rows, error)
            if not goes_on:
                return self._stop()

    def _claim(self):
        """Lock the next rows and return them; what others hold is passed over."""
        domain = self.get_due()
        if self.groups:
            domain &= Domain("id", "in", self.groups[0])
        else:
            domain &= self._get_rest_domain()
        query = self.model._search(domain, order=self.queue.order, limit=self.queue.batch)
        lock = SQL("%s FOR NO KEY UPDATE OF %s SKIP LOCKED", query.select(), SQL.identifier(self.model._table))
        return self.model.browse(row_id for (row_id,) in self.env.execute_query(lock))

    def _get_rest_domain(self):
        """Return the domain of what this run has not looked at."""
        domain = Domain("id", "not in", list(self.passed)) if self.passed else Domain.TRUE
        return domain & Domain("id", ">", self.last) if self.queue.once else domain

    def _work_on(self, rows):
        """Process claimed rows and commit; tell whether there is time for more."""
        ready = self._begin_trial(rows) if self.trial and rows else rows
        if ready:
            getattr(ready, self.queue.process)()
            self.env.flush_all()
        goes_on = self._commit(len(ready), remaining=1)
        if self.trial:
            self.trial.done()
        self._move_on(rows, ready)
        return goes_on

    def _begin_trial(self, rows):
        """Mark rows before they are touched; return those that may be processed now."""
        if self.groups and self.suspects.keys() >= set(rows.ids):
            return self._begin_alone(rows)
        suspects = self.trial.begin(rows.ids)
        if suspects:
            self.trial.take_back(suspects)
            self.suspects |= suspects
        return rows.filtered(lambda row: row.id not in suspects)

    def _begin_alone(self, rows):
        """Mark a group of suspects where no other is in work in this database, and none will be until its end.

        :raise _DeadlyError: for a single row that processes have died of
        """
        [[is_only]] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", ALONE_LOCK))
        if not is_only:
            for row in rows:
                self.passed.add(row.id)
                self.suspects.pop(row.id)
            self.model._wake_jobs(*self.queue.jobs[:1], at=fields.Datetime.now() + timedelta(minutes=1))
            return rows.browse()
        deaths = max(self.trial.begin(rows.ids, alone=True).values(), default=0)
        if deaths and len(rows) > 1:  # another process died of this group since we looked
            self.trial.take_back(rows.ids)
            return rows.browse()
        if deaths >= FATAL_DEATHS:
            raise _DeadlyError
        return rows

    def _move_on(self, rows, ready):
        """Note what has been handed over in this run; of ``rows`` that were not ``ready`` suspects are run alone."""
        self.conflicts = 0
        if self.groups:
            self.groups.pop(0)
            if not ready:  # found out just now
                self.groups[:0] = [[row.id] for row in rows if row.id in self.suspects]
        else:
            self.groups = self._group_suspects(rows)
            if self.queue.once and rows:
                self.last = max(rows.ids)
        self.count += len(ready)
        if self.count >= HELP_AFTER > self.count - len(ready):
            self._call_help()

    def _group_suspects(self, rows):
        """Return the ids of the suspects among rows in small groups, those of earlier deaths one by one."""
        doubtful = [row.id for row in rows if self.suspects.get(row.id) == 0]
        size = min(TOGETHER, self.queue.batch)
        return [doubtful[start:start + size] for start in range(0, len(doubtful), size)] + [
            [row.id] for row in rows if self.suspects.get(row.id)]

    def _call_help(self):
        """Wake the other jobs of the queue: there is more than one can do at once."""
        own = self.env.context.get("cron_id")
        self.model._wake_jobs(*(name for name in self.queue.jobs if self.env.ref(f"servicedesk.{name}").id != own))

    def _commit(self, count, remaining):
        return self.env["ir.cron"]._commit_progress(count, remaining=remaining)

    def _roll_back(self):
        """Undo all of this transaction; nobody died, so the marks go, too."""
        try:
            self.env.cr.rollback()
        finally:
            if self.trial:
                self.trial.take_back()

    def _on_failure(self, rows, error):
        """Let the rows of a batch run one by one; set a single row aside. Tell whether there is time for more."""
        if not rows:
            raise error
        if len(rows) > 1:
            self.groups[:1] = [[row.id] for row in rows]
            if self.queue.once:
                self.last = max(self.last, *rows.ids)
            return True
        self._set_aside(rows, error)
        self._move_on(rows, rows)
        self.passed.add(rows.id)
        return self._commit(1, remaining=1)

    def _set_aside(self, row, error):
        """Write in a transaction of its own why a row could not be worked off."""
        fatal = isinstance(error, _DeadlyError)
        if fatal:
            self.trial.pardon(row.id)
        reason = self._describe_deaths() if fatal else reason_of(error)
        failure = Failure(self.queue, reason, "" if fatal else traceback_of(error), fatal)
        _logger.warning("The queue %s sets %s,%s aside: %s", self.queue.name, row._name, row.id, failure.reason,
                        exc_info=None if fatal else error)
        for method in dict.fromkeys((self.queue.set_aside, "_let_rest")):
            try:
                return self._note(row, method, failure)
            except Exception:
                self._roll_back()
                _logger.exception("%s of %s,%s failed, too", method, row._name, row.id)
        return None

    def _note(self, row, method, failure):
        """Call ``method`` for the row, unless another worker has it by now, and commit."""
        for attempt in range(1, PATIENCE + 1):
            try:
                if row.try_lock_for_update(allow_referencing=True):
                    getattr(row, method)(failure)
                return self._commit(0, remaining=1)
            except TransactionRollbackError:
                self._roll_back()
                if attempt == PATIENCE:
                    raise
        return None

    def _describe_deaths(self):
        speaking = self.env(context={**self.env.context, "lang": self.env.company.partner_id.lang})
        return speaking._("The server stopped twice while it worked on this alone.")

    def _stop(self):
        """The time is up, or others are in the way: wake the jobs where something remains."""
        rest = self.get_due() & (self._get_rest_domain() | Domain("id", "in", sum(self.groups, [])))
        remains = bool(self.model.search_count(rest, limit=1))
        if remains:
            self.model._wake_jobs(*self.queue.jobs)
        # Odoo is told that nothing remains: it would call again at once, for one batch each, or wait for the minute.
        self._commit(0, remaining=0)
        return not remains


class _DeadlyError(Exception):
    """Processes died while this row was alone in work."""
