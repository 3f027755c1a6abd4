import weakref

import psycopg2

from odoo import sql_db
from odoo.service.server import CommonServer

_open_trials = weakref.WeakSet()

ATTEMPTS = 5
# No mark needs to outlive PostgreSQL itself.
_SETTINGS = "SET LOCAL synchronous_commit TO off; "
_FORGET = "DELETE FROM servicedesk_queue_mark WHERE queue = %(queue)s AND res_id = ANY(%(done)s); "
_BEGIN = """
    INSERT INTO servicedesk_queue_mark AS mark (queue, res_model, res_id, in_work, alone, suspect, deaths, attempts,
                                                create_date, write_date)
         SELECT %(queue)s, %(model)s, id, TRUE, %(alone)s, FALSE, 0, 0, now() AT TIME ZONE 'UTC',
                now() AT TIME ZONE 'UTC'
           FROM unnest(%(ids)s) AS id
    ON CONFLICT (queue, res_id) DO UPDATE
            SET in_work = TRUE, alone = EXCLUDED.alone, write_date = EXCLUDED.write_date,
                suspect = mark.suspect OR mark.in_work,
                deaths = mark.deaths + CASE WHEN mark.in_work AND mark.alone THEN 1 ELSE 0 END
      RETURNING res_id, suspect, deaths
"""
_TAKE_BACK = """
    DELETE FROM servicedesk_queue_mark WHERE queue = %(queue)s AND res_id = ANY(%(ids)s)
       AND attempts = 0 AND deaths = 0 AND NOT suspect;
    UPDATE servicedesk_queue_mark SET in_work = FALSE, alone = FALSE
     WHERE queue = %(queue)s AND res_id = ANY(%(ids)s)
"""
_PARDON = """
    UPDATE servicedesk_queue_mark SET in_work = FALSE, alone = FALSE, deaths = 0
     WHERE queue = %(queue)s AND res_id = ANY(%(ids)s)
"""


class Trial:
    """The marks of what one run of a job has in work, written by a connection of their own.

    They are committed before the rows are touched, so that they are there after the process has died, and taken back
    when it has not: when a row is done, and when the server is stopped. Nobody waits until they are on the disk, for
    a power cut is to accuse nobody.
    """

    def __init__(self, env, queue, model):
        self._names = {"queue": queue, "model": model}
        self._registry, self._database, self._own = env.registry, env.cr.dbname, env.registry.cursor()
        self._in_work, self._done = [], []
        _open_trials.add(self)

    def begin(self, ids, alone=False):
        """Mark rows that the caller has locked, in one statement and one commit.

        :return: ``{id: deaths}`` of the suspects among them: they were in work when a process died; ``deaths`` of
            them while they were alone in it
        """
        self._in_work = list(ids)
        found = self._write(_BEGIN, ids=self._in_work, alone=alone)
        return {res_id: deaths for res_id, suspect, deaths in found if suspect}

    def done(self):
        """Note that what was in work is committed; its marks go with the next statement."""
        self._done += self._in_work
        self._in_work = []

    def take_back(self, ids=None):
        """Take rows out of work that are not done; suspects stay suspects."""
        ids = self._in_work if ids is None else list(ids)
        self._in_work = [res_id for res_id in self._in_work if res_id not in set(ids)]
        if ids:
            self._write(_TAKE_BACK, ids=ids)

    def pardon(self, res_id):
        """Forget of how many deaths a row was suspected: it is set aside for them now."""
        self._write(_PARDON, ids=[res_id])

    def close(self):
        _open_trials.discard(self)
        if self._done and not self._own.closed:
            self._write("")
        self._own.close()

    def stop(self):
        """Take the marks back from another thread: the server stops, nobody died."""
        if self._in_work:
            with sql_db.db_connect(self._database).cursor() as cr:
                cr.execute(_TAKE_BACK, {**self._names, "ids": self._in_work})

    def _write(self, query, **params):
        """Execute and commit; what another worker does to the same mark, or a lost connection, costs another try."""
        done, self._done = self._done, []
        query = _SETTINGS + (_FORGET if done else "") + query
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._own.execute(query, {**self._names, **params, "done": done})
                rows = self._own.fetchall() if self._own.description else []
                self._own.commit()
                return rows
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                self._own.close()
                if attempt == ATTEMPTS:
                    raise
                self._own = self._registry.cursor()
        return []


def _stop_trials():
    for trial in list(_open_trials):
        trial.stop()


CommonServer.on_stop(_stop_trials)
