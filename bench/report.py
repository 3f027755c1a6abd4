"""The benchmark's table in docs/performance.md, between two marker comments."""
import datetime
import os
import platform
import re
from pathlib import Path

from dev import postgres
from dev.settings import ROOT
from dev.shell import SetupError, note, output
from dev.system import memory_mb

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
TITLES = {"servicedesk": "this add-on", "floor": "floor", "helpdesk": "OCA helpdesk_mgmt"}
NOISE = 1.1  # less than this factor apart counts as the same

# operation → what it is called, most milliseconds, most times the floor's
ROWS = {
    "new_mail": ("new mail → ticket", None, 1.2),
    "reply": ("reply → ticket", None, 1.0),
    "answer": ("agent's answer, mail queued", None, 1.1),
    "create_one": ("create one", 12, None),
    "create_100": ("create, each of 100", 1.5, None),
    "list_default": ("list of 80: default (open), as an agent", 25, None),
    "list_all": ("list of 80 not closed, administrator", 25, None),
    "list_agent": ("list of 80 not closed, agent of 2 in 20 departments", 25, None),
    "kanban_active": ("kanban with progress bars, not closed", 60, None),
    "kanban_all": ("kanban with progress bars, everything", 60, None),
    "open": ("opening a ticket", 25, None),
    "find_rare": ("rare word in subjects", 15, None),
    "find_common": ("common word in subjects", 15, None),
    "count_clients": ("counters of 80 clients", 10, None),
    "portal": ("portal list, whole page", 50, None),
    "portal_ticket": ("portal ticket, whole page", 16, None),
    "close_1000": ("close 1,000 selected", 4000, None),
    "assign_1000": ("give 1,000 selected to one owner", 3000, None),
    "department_1000": ("move 1,000 selected to another department", 600, None),
    "deadlines_1000": ("another priority and new SLA deadlines for 1,000", 1000, None),
    "merge_50": ("merge 50", 100, None),
    "full_new_mail": ("*everything on*: new mail → ticket", None, None),
    "full_answer": ("*everything on*: agent's answer", None, None),
    "full_close_1000": ("*everything on*: close 1,000", 600, None),
    "full_state_1000": ("*everything on*: let 1,000 wait for a third party", 600, None),
    "full_department_1000": ("*everything on*: move 1,000", 600, None),
    "full_merge_50": ("*everything on*: merge 50", 100, None),
}
EACH_OF = {"create_100": 100}


def describe_machine(environment):
    """One paragraph about what the numbers were measured on."""
    server, fsync, shared = (postgres.psql(f"SHOW {name}") for name in ("server_version", "fsync", "shared_buffers"))
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT)
    changed = " with changes on top" if output(["git", "status", "--porcelain", "-uno"], cwd=ROOT) else ""
    cores = f"{os.cpu_count()} cores" + (f" ({cpu[1].strip()})" if cpu else "")
    return (
        f"Measured on {datetime.date.today()}, commit {commit}{changed}: "
        f"{cores}, {memory_mb() // 1024} GB, Python {platform.python_version()}, PostgreSQL {server.split()[0]} "
        f"(fsync {fsync}, shared_buffers {shared}), Odoo 19.0 ({environment.odoo.origin})."
    )


def write(results):
    """Replace what stands between the markers; the text around them is written by people."""
    text = PAGE.read_text()
    if BEGIN not in text or END not in text:
        raise SetupError(f"{PAGE} has lost its markers {BEGIN} … {END}")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{render(results)}\n{END}{after}")
    note(f"written: {PAGE.relative_to(ROOT)}")


def render(results):
    sizes, systems = results["sizes"], results["systems"]
    lines = [results["machine"], _describe_load(results["load"]), ""]
    sized = " · ".join(f"{size:,}" for size in sizes)
    lines += [f"Tickets: {sized}. Each cell: median milliseconds at these sizes (SQL statements at the largest).",
              "Work on a selection is measured at the largest size only.", ""]
    lines += [f"| operation | aim | {' | '.join(TITLES.values())} |", f"|---|---|{'---|' * len(systems)}"]
    behind = []
    for operation, (title, _limit, _factor) in ROWS.items():
        if operation not in systems["servicedesk"][sizes[-1]]:
            continue
        cells = []
        for name in systems:
            rows = [systems[name][size].get(operation) for size in sizes]
            cells.append(_cell(results, operation, name, rows, behind))
        lines.append(f"| {title} | {_describe_aim(operation)} | {' | '.join(cells)} |")
    bursts = [_describe_bursts([systems[name][size]["burst"] for size in sizes]) for name in systems]
    lines.append(f"| new mails per second, two workers (collisions) | – | {' | '.join(bursts)} |")
    space = (" · ".join(f"{systems[name][size]['bytes'] >> 20}" for size in sizes) for name in systems)
    lines.append(f"| database, MB | – | {' | '.join(space)} |")
    lines += ["", *_describe_behind(behind), "", _describe_assignment(results["assignment"]),
              "", _describe_escalation(results["escalation"]),
              "", _describe_screen(results["screen"])]
    return "\n".join(lines)


def _describe_assignment(done):
    return (f"{done['count']:,} new tickets given to their owners in turn: {done['seconds']:.1f} s in one worker, "
            f"{done['batches']} transactions, {done['queries']} SQL statements.")


def _describe_escalation(done):
    batches = done["batches"]
    return (f"Deadlines of {done['count']:,} tickets that pass in the same minute, with a breach and two steps of the "
            f"ladder each: {done['seconds']:.1f} s in one worker, {batches} transactions of "
            f"{done['seconds'] / batches:.2f} s and {done['queries'] / batches:.0f} SQL statements.")


def _describe_screen(times):
    small, large = times["small"], times["large"]
    return (f"From the list to the newest words of a ticket on the screen, in Chromium: {small:.0f} ms with 20 items, "
            f"{large:.0f} ms with 1,000 items and 400 files (× {large / small:.2f}, aim ≤ 1.3).")


def _describe_bursts(bursts):
    rates = " · ".join(f"{burst['rate']:.0f}" for burst in bursts)
    return f"{rates} ({sum(burst['collisions'] for burst in bursts)})"


def _describe_load(loads):
    told = f"Load average during the run {min(loads):.1f}–{max(loads):.1f}; the run itself makes about 1."
    busy = " **The machine was busy with other work: compare the columns, not the milliseconds.**"
    return told + (busy if max(loads) > 2.5 else "")


def _describe_aim(operation):
    _title, limit, factor = ROWS[operation]
    return f"≤ {factor} × floor" if factor else f"≤ {limit}"


def _time(operation, row):
    return row["ms"] / EACH_OF.get(operation, 1)


def _format(milliseconds):
    return f"{milliseconds:.1f}" if milliseconds < 9.95 else f"{milliseconds:,.0f}"


def _cell(results, operation, name, rows, behind):
    if rows[-1] is None:
        return "–"
    parts = []
    for size, row in zip(results["sizes"], rows, strict=True):
        if row is None:
            continue  # measured at the largest size only
        text = _format(_time(operation, row))
        if name == "servicedesk" and (reason := _find_behind(results["systems"], operation, size)):
            text = f"**{text}**"
            behind.append((ROWS[operation][0], size, _format(_time(operation, row)), reason))
        parts.append(text)
    queries = rows[-1]["queries"] / EACH_OF.get(operation, 1)
    return f"{' · '.join(parts)} ({queries:.3g})"


def _find_behind(systems, operation, size):
    """Why our number at a size is behind, or nothing."""
    _title, limit, factor = ROWS[operation]
    ours = _time(operation, systems["servicedesk"][size][operation])
    others = {name: _time(operation, systems[name][size][operation])
              for name in systems if name != "servicedesk" and operation in systems[name][size]}
    reasons = []
    if factor and ours > others["floor"] * factor:
        reasons.append(f"aim {_format(others['floor'] * factor)}")
    if limit and ours > limit:
        reasons.append(f"aim {limit}")
    reasons += [f"{TITLES[name]} {_format(value)}" for name, value in others.items() if ours > value * NOISE]
    return ", ".join(reasons)


def _describe_behind(behind):
    """One line an operation, with the largest size at which it is behind."""
    if not behind:
        yield "Nothing is behind its aim or the fastest of the others."
        return
    worst = {title: (size, time, reason) for title, size, time, reason in behind}
    yield "Behind (bold above), at the largest size where it is:"
    yield ""
    for title, (size, time, reason) in worst.items():
        yield f"- {title}, {size:,} tickets: {time} ms ({reason})."
