"""What grows must not be felt: an archive of 1 GB takes no memory."""
import urllib.request
import zipfile

import pytest

from dev import postgres
from dev.settings import DATA

GIGABYTE = 1_000_000_000
PARTS = 10


def fill(desk, database, items, files):
    """Return a ticket with so many notes and so many files, written past the ORM."""
    department = desk.rpc("servicedesk.department", "search", [[]], {"limit": 1}) or [
        desk.rpc("servicedesk.department", "create", [{"name": "Support", "email": "support@severka.example"}])]
    ticket = desk.rpc("servicedesk.ticket", "create", [{"subject": f"{items} items", "department_id": department[0]}])
    postgres.psql(f"""
        INSERT INTO servicedesk_item (ticket_id, kind, direction, state, date, body, preview, author_user_id,
                                      create_date)
        SELECT {ticket}, 'note', 'internal', 'done', now() AT TIME ZONE 'UTC' - n * interval '1 minute',
               '<p>Note ' || n || '</p>', 'Note ' || n, 2, now() FROM generate_series(1, {items}) n;
        INSERT INTO ir_attachment (name, res_model, res_id, type, mimetype, file_size, checksum, store_fname,
                                   create_uid, create_date, write_date)
        SELECT 'file ' || place || '.txt', 'servicedesk.item', id, 'binary', 'text/plain', 10, 'x' || place, '00/none',
               1, now(), now()
          FROM (SELECT id, row_number() OVER (ORDER BY date) AS place FROM servicedesk_item WHERE ticket_id = {ticket}
               ) AS numbered WHERE place <= {files};
        ANALYZE servicedesk_item, ir_attachment""", database)
    return ticket


@pytest.mark.slow
def test_an_archive_of_a_gigabyte_takes_no_memory(desk, desk_database, tmp_path):
    ticket = fill(desk, desk_database, PARTS, PARTS)
    store = DATA / "filestore" / desk_database / "00"
    store.mkdir(parents=True, exist_ok=True)
    with (store / "none").open("wb") as big:
        big.truncate(GIGABYTE // PARTS)  # zeros without a block on the disk
    (store / "none").chmod(0o644)
    # A packed type is stored, not compressed: a gigabyte in, a gigabyte out.
    postgres.psql("UPDATE ir_attachment SET mimetype = 'application/zip' WHERE store_fname = '00/none'", desk_database)
    request = urllib.request.Request(
        f"{desk.url}/servicedesk/ticket/{ticket}/files.zip",
        headers={"Cookie": f"session_id={desk.session_cookie('admin')}"})
    before = peak = resident(desk.pid)
    target = tmp_path / "files.zip"
    with urllib.request.urlopen(request, timeout=300) as answer, target.open("wb") as saved:
        while block := answer.read(1 << 22):
            saved.write(block)
            peak = max(peak, resident(desk.pid))
    with zipfile.ZipFile(target) as opened:
        assert sum(info.file_size for info in opened.infolist()) == GIGABYTE
        assert opened.testzip() is None
    print(f"memory: {before >> 20} MB before, {peak >> 20} MB at most while {target.stat().st_size >> 20} MB were sent")
    assert peak - before < 40 << 20


def resident(pid):
    """Bytes of memory that a process holds."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS:"))
