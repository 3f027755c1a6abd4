"""Arithmetic of promises in working time: pure, over intervals that somebody else has read from a calendar.

Instants are naive UTC ``datetime`` as Odoo stores them, durations are whole seconds. Weekends, holidays, shifts and
the change to summer time are all in the intervals; nothing here knows about them.
"""
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import accumulate

HORIZON = 10  # years in which a deadline must be found


def to_seconds(instant):
    """Seconds since the epoch of a naive UTC datetime."""
    return int(instant.replace(tzinfo=timezone.utc).timestamp())


def to_instant(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def join(intervals, gap=1):
    """Return ``(start, end)`` in seconds as sorted pairs without overlaps; pairs not more than ``gap`` apart are one.

    Calendars end a day at 23:59:59.999999: a night shift over midnight is one interval nevertheless.
    """
    joined = []
    for start, end in sorted(intervals):
        if joined and start - joined[-1][1] <= gap:
            joined[-1][1] = max(joined[-1][1], end)
        elif start < end:
            joined.append([start, end])
    return tuple((start, end) for start, end in joined)


class Hours:
    """The working intervals of one span of time, with running totals. Immutable, so that it may be cached."""

    __slots__ = ("ends", "first", "last", "starts", "totals")

    def __init__(self, first, last, intervals):
        self.first, self.last = first, last
        self.starts = tuple(start for start, _end in intervals)
        self.ends = tuple(end for _start, end in intervals)
        self.totals = (0, *accumulate(end - start for start, end in intervals))

    @property
    def total(self):
        return self.totals[-1]

    def before(self, second):
        """Return the working seconds of this span that lie before ``second``."""
        index = bisect_right(self.starts, second)
        if not index:
            return 0
        return self.totals[index - 1] + min(second, self.ends[index - 1]) - self.starts[index - 1]

    def at(self, worked):
        """Return the earliest second at which ``worked`` (more than nothing) seconds of this span are over."""
        index = bisect_left(self.totals, worked) - 1
        return self.starts[index] + worked - self.totals[index]

    def since(self, worked):
        """Return the latest second at which not more than ``worked`` seconds (less than all) are over."""
        index = bisect_right(self.totals, worked) - 1
        return self.starts[index] + worked - self.totals[index]


class WorkTime:
    """Working time of one calendar.

    :param load: function that gives the :class:`Hours` of a calendar year (UTC); without it, work never stops
    """

    def __init__(self, load=None):
        self._load = load or always

    def add(self, instant, seconds):
        """Return when ``seconds`` of work are over, counted from ``instant`` (backwards where they are negative).

        None where the calendar has no such time within the horizon.
        """
        second, year = to_seconds(instant), instant.year
        if not seconds:
            return instant
        hours = self._load(year)
        position = hours.before(second) + seconds
        for _year in range(HORIZON):
            if seconds > 0 and position <= hours.total:
                return to_instant(hours.at(position))
            if seconds < 0 and position >= 0 and hours.total:
                return to_instant(hours.since(position) if position < hours.total else hours.ends[-1])
            if seconds > 0:
                position -= hours.total
                year += 1
                hours = self._load(year)
            else:
                year -= 1
                hours = self._load(year)
                position += hours.total
        return None

    def between(self, start, end):
        """Return the working seconds from ``start`` to ``end``, negative where ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        total = 0
        for year in range(start.year, end.year + 1):
            hours = self._load(year)
            total += (hours.before(to_seconds(end)) if year == end.year else hours.total)
            total -= hours.before(to_seconds(start)) if year == start.year else 0
        return total

    def periods(self, start, limit):
        """Return the next ``limit`` working intervals from ``start`` on as ``[[second, second], …]``."""
        second, found = to_seconds(start), []
        for year in (start.year, start.year + 1):
            hours = self._load(year)
            index = bisect_right(hours.ends, second)
            for begin, end in zip(hours.starts[index:], hours.ends[index:], strict=True):
                found.append([max(begin, second), end])
                if len(found) == limit:
                    return found
        return found


def bounds(year):
    """Return first and last second of a calendar year in UTC."""
    return tuple(to_seconds(datetime(number, 1, 1)) for number in (year, year + 1))


def always(year):
    first, last = bounds(year)
    return Hours(first, last, [(first, last)])


@dataclass(frozen=True)
class Clock:
    """A promise that runs, waits or has been kept. Seconds are working time.

    ``used`` is what had been used when the clock was last set going; ``since`` is when that was, None while it
    stands still.
    """

    target: int
    used: int = 0
    since: datetime | None = None

    def spent(self, now, work):
        """Return the seconds used until ``now``."""
        return self.used + (work.between(self.since, now) if self.since and now > self.since else 0)

    def remaining(self, now, work):
        """Return the seconds left; negative when the promise is broken."""
        return self.target - self.spent(now, work)

    def stop(self, now, work):
        """Return the clock standing still from ``now`` on."""
        return replace(self, used=self.spent(now, work), since=None)

    def go(self, now):
        """Return the clock going from ``now`` on; one that goes already is left alone."""
        return self if self.since else replace(self, since=now)

    def when(self, spent, work):
        """Return when ``spent`` seconds will have been used, None while the clock stands still."""
        return work.add(self.since, spent - self.used) if self.since else None

    def deadline(self, work):
        return self.when(self.target, work)


# What a step of a ladder counts from → the used seconds at which it is due.
TRIGGERS = {
    "warning": lambda step, target, warning: warning + step["delay"],
    "breach": lambda step, target, warning: target + step["delay"],
    "not_started": lambda step, target, warning: step["delay"],
    "percent": lambda step, target, warning: target * step["percent"] // 100,
}


@dataclass(frozen=True)
class Alarms:
    """What is still to come on a promise: the warning, the breach, the steps of its ladder.

    ``deadline`` is None where the clock stands still or has ended; then nothing is to come. ``warning`` is the used
    seconds at which to warn. ``begun`` is set for a deadline by hand only: its time does not wait, it counts from
    there without pauses. ``steps`` are dicts with ``trigger``, ``delay`` (seconds) and ``percent``, without those that
    were taken.
    """

    clock: Clock
    deadline: datetime | None
    warning: int
    warned: bool = False
    breached: bool = False
    begun: datetime | None = None
    steps: tuple = ()

    def upcoming(self, work):
        """Return ``[(name, moment)]``: ``"breach"``, ``"warning"``, or the dict of a step."""
        if not self.deadline:
            return []
        found = []
        if not self.breached:
            found.append(("breach", self.deadline))
            if not self.warned:
                found.append(("warning", self._when(self.warning, work)))
        for step in self.steps:
            used = TRIGGERS[step["trigger"]](step, self.clock.target, self.warning)
            found.append((step, self._when(used, work)))
        return [(name, moment) for name, moment in found if moment]

    def next(self, work):
        """Return the nearest moment of all, or None."""
        return min((moment for _name, moment in self.upcoming(work)), default=None)

    def to_tell_again(self, now, work):
        """Return the marks (``warned``, ``breached``) to take away, because what was told lies ahead again."""
        if not self.warned and not self.breached:
            return ()
        fresh = replace(self, warned=False, breached=False, steps=())
        ahead = {name for name, moment in fresh.upcoming(work) if moment > now}
        if self.breached:
            return ("warned", "breached") if "breach" in ahead else ()
        return ("warned",) if "warning" in ahead else ()

    def _when(self, used, work):
        target = self.clock.target
        if used >= target:
            return self.deadline if used == target else work.add(self.deadline, used - target)
        since, before = (self.begun, 0) if self.begun else (self.clock.since, self.clock.used)
        moment = work.add(since, used - before)
        return moment and min(moment, self.deadline)
