"""The same conversations for every system: a temporary table that each turns into its own rows by INSERT … SELECT.

One row is one ticket with three messages: a customer's question, an agent's answer, and a reply or an internal note.
10 % are open, 5 % wait, 10 % are archived, the rest is closed; ages spread over two years, ids follow the age. What a
row says hangs on its number only, so that two runs and three systems get the same.
"""
from . import words

# `dice` throws an even number below `sides`, another for each `salt`; `pick` a word with it.
# `numbered` is what an `ir.sequence` makes of a number.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.dice(n bigint, salt int, sides int) RETURNS int IMMUTABLE LANGUAGE sql AS
    $$ SELECT mod(abs(hashint8(n * 101 + salt)::bigint), sides)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.pick(n bigint, salt int, list anyarray) RETURNS anyelement IMMUTABLE LANGUAGE sql AS
    $$ SELECT list[1 + pg_temp.dice(n, salt, cardinality(list))] $$;
CREATE OR REPLACE FUNCTION pg_temp.numbered(prefix text, n bigint, digits int) RETURNS text IMMUTABLE LANGUAGE sql AS
    $$ SELECT prefix || lpad(n::text, greatest(digits, length(n::text)), '0') $$;
"""
TABLE = """
CREATE TEMP TABLE bench_thread ON COMMIT DROP AS
SELECT n, team.department, person.id AS contact, person.commercial_partner_id AS client, person.name AS contact_name,
       person.email_normalized AS contact_email, state, created, answered, later,
       CASE WHEN state = 'open' AND pg_temp.dice(n, 3, 3) = 0 THEN NULL
            ELSE pg_temp.pick(n, 4, string_to_array(team.owners, ',')::int[]) END AS owner,
       pg_temp.pick(n, 4, string_to_array(team.owners, ',')::int[]) AS agent,
       CASE WHEN pg_temp.dice(n, 5, 10) < 7 THEN '1' ELSE pg_temp.dice(n, 6, 4)::text END AS priority,
       pg_temp.pick(n, 7, %(things)s) || ' ' || pg_temp.pick(n, 8, %(troubles)s) || ' '
           || pg_temp.pick(n, 9, %(places)s)
           || CASE WHEN n %% %(rare_every)s = 0 THEN ' – ' || %(rare)s ELSE '' END AS subject,
       '<p>Dobrý den,</p><p>' || pg_temp.pick(n, 10, %(facts)s) || ' ' || pg_temp.pick(n, 11, %(wishes)s)
           || '</p><p>' || person.name || '</p>' AS question,
       '<p>Dobrý den,</p><p>' || pg_temp.pick(n, 12, %(answers)s) || '</p>' AS answer,
       pg_temp.pick(n, 13, %(later)s) AS last_words, n %% 2 = 0 AS noted
  FROM (SELECT n, created, created + interval '1 minute' * (5 + pg_temp.dice(n, 14, 600)) AS answered,
               created + interval '1 minute' * (700 + pg_temp.dice(n, 15, 3000)) AS later,
               CASE WHEN share < 10 THEN 'open' WHEN share < 15 THEN 'waiting' WHEN share < 25 THEN 'archived'
                    ELSE 'closed' END AS state
          FROM (SELECT n, pg_temp.dice(n, 1, 100) AS share,
                       (now() AT TIME ZONE 'UTC')::timestamp(0) - interval '3 days' - interval '1 second'
                           * (63072000 * (%(last)s - n)::float / (%(last)s - %(first)s + 1))::int AS created
                  FROM generate_series(%(first)s, %(last)s) AS n) AS aged) AS told
  JOIN unnest(%(departments)s, %(owners)s) WITH ORDINALITY AS team(department, owners, place)
    ON team.place = 1 + pg_temp.dice(n, 2, %(teams)s)
  JOIN unnest(%(people)s) WITH ORDINALITY AS someone(id, place) ON someone.place = 1 + pg_temp.dice(n, 16, %(crowd)s)
  JOIN res_partner person ON person.id = someone.id
"""


def tell(cr, first, last, people, teams):
    """Make `bench_thread` with the conversations number `first` to `last`; it is gone after the commit.

    :param people: ids of the partners who ask
    :param teams: `{department id: [user ids of those who answer there]}`
    """
    cr.execute(FUNCTIONS)
    lists = {name.lower(): list(getattr(words, name)) for name in (
        "THINGS", "TROUBLES", "PLACES", "FACTS", "WISHES", "ANSWERS", "LATER")}
    cr.execute(TABLE, lists | {
        "first": first, "last": last, "rare": words.RARE, "rare_every": words.RARE_EVERY,
        "departments": list(teams), "owners": [",".join(map(str, users)) for users in teams.values()],
        "teams": len(teams), "people": people, "crowd": len(people)})
    cr.execute("ANALYZE bench_thread")


def reserve(cr, table, count):
    """Take `count` ids of a table's sequence at once; returns the number before the first."""
    cr.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    sequence = cr.fetchone()[0] or f"{table}_id_seq"
    cr.execute("SELECT setval(%s, nextval(%s) + %s) - %s", [sequence, sequence, count, count])
    return cr.fetchone()[0] - 1
