"""The rules by which a job change is told, as common tables of one statement.

They read `seen` (one row per contact and import day: `contact_id`, `account_id`, `email`,
`created_on`, `known_on`) and give `by_record`, `by_profile` and `by_mailbox`, each with the two
records, the two accounts, `rank`, `rule`, `after`, `until`, `known_on` and `review`.
"""

SAME_RECORD, SAME_PROFILE, SAME_MAILBOX = "same record", "same profile", "same name and mailbox"
"""The rules, the surest first."""

PEOPLE = """days AS (
  SELECT contact_id, min(known_on) AS first_on, max(known_on) AS last_on FROM seen GROUP BY ALL),
people AS (
  SELECT c.contact_id, c.account_id, c.title, c.created_on, d.first_on, d.last_on,
    coalesce(c.full_name, nullif(trim(concat_ws(' ', c.first_name, c.last_name)), '')) AS name,
    nullif(regexp_replace(lower(trim(c.linkedin_url)),
      '^(https?://)?([a-z]+[.])?linkedin[.]com/|[/?#]+$', '', 'g'), '') AS profile,
    nullif(split_part(lower(trim(c.email)), '@', 1), '') AS mailbox,
    nullif(split_part(lower(trim(c.email)), '@', 2), '') AS host
  FROM {contacts} AS c JOIN days AS d USING (contact_id)),
reachable AS (SELECT *, {free} AS is_free FROM people WHERE account_id IS NOT NULL)"""
"""The contacts of `contacts`; `free` says which of their hosts are for everybody."""

_ORDER = "first_on, coalesce(created_on, first_on)"

# Of two records the older one is the old account: by the day it was first imported, and of equal
# days by the day it was created; where that is not known of both, nothing tells. The move was
# after the last day on which only the old one was imported, and by the day on which the new one
# was created, if that lies between.
_PAIR = """
    lag(contact_id) OVER spell AS old_contact_id, lag(account_id) OVER spell AS old_account_id,
    lag(first_on) OVER spell AS old_first_on, lag(created_on) OVER spell AS old_created_on,
    lag(first_on) OVER spell = first_on AND coalesce(lag(created_on) OVER spell = created_on, TRUE)
      AS is_tied"""

_DATED = """
    (SELECT max(s.known_on) FROM seen AS s
      WHERE s.contact_id = old_contact_id AND s.known_on < first_on) AS seen_before"""

RULES = f"""changed AS (
  SELECT contact_id, account_id, email, known_on,
    lag(account_id) OVER spell AS old_account_id, lag(known_on) OVER spell AS after,
    split_part(lower(email), '@', 2) = split_part(lower(lag(email) OVER spell), '@', 2) AS kept_host
  FROM seen WHERE account_id IS NOT NULL
  WINDOW spell AS (PARTITION BY contact_id ORDER BY known_on)),
by_record AS (
  SELECT contact_id, contact_id AS old_contact_id, account_id, old_account_id, 1 AS rank,
    '{SAME_RECORD}' AS rule, after, known_on AS until, known_on,
    CASE WHEN kept_host THEN 'the mail domain stayed the same' ELSE '' END AS review
  FROM changed WHERE old_account_id IS NOT NULL AND old_account_id <> account_id),
profiles AS (
  SELECT *, count(*) OVER (PARTITION BY profile) AS alike,{_PAIR}
  FROM people WHERE profile IS NOT NULL AND account_id IS NOT NULL
  WINDOW spell AS (PARTITION BY profile ORDER BY {_ORDER}, contact_id)),
mailboxes AS (
  SELECT *, count(*) OVER (PARTITION BY lower(name), mailbox) AS alike,
    count(*) OVER (PARTITION BY lower(name)) AS namesakes,
    lag(host) OVER spell AS old_host, lag(profile) OVER spell AS old_profile,{_PAIR}
  FROM reachable WHERE NOT is_free AND contains(trim(name), ' ') AND mailbox IS NOT NULL
  WINDOW spell AS (PARTITION BY lower(name), mailbox ORDER BY {_ORDER}, contact_id)),
paired AS (
  SELECT contact_id, old_contact_id, account_id, old_account_id, 2 AS rank,
    '{SAME_PROFILE}' AS rule, first_on, created_on, old_first_on, old_created_on,
    CASE WHEN alike > 2 THEN alike || ' records have this profile'
      WHEN is_tied THEN 'nothing tells which account came first' ELSE '' END AS review
  FROM profiles WHERE old_contact_id IS NOT NULL
  UNION ALL BY NAME
  SELECT contact_id, old_contact_id, account_id, old_account_id, 3 AS rank,
    '{SAME_MAILBOX}' AS rule, first_on, created_on, old_first_on, old_created_on,
    'only the name and the mailbox speak for it' AS review
  FROM mailboxes WHERE old_contact_id IS NOT NULL AND host <> old_host AND namesakes = 2
    AND (profile IS NULL OR old_profile IS NULL)),
dated AS (SELECT *,{_DATED} FROM paired),
placed AS (
  SELECT *, coalesce(seen_before, CASE WHEN old_created_on < first_on THEN old_created_on END)
    AS after FROM dated),
by_pair AS (
  SELECT contact_id, old_contact_id, account_id, old_account_id, rank, rule, after,
    CASE WHEN created_on <= first_on AND created_on > coalesce(after, DATE '1900-01-01')
      THEN created_on ELSE first_on END AS until,
    greatest(first_on, old_first_on) AS known_on, review FROM placed),
by_profile AS (SELECT * FROM by_pair WHERE rank = 2),
by_mailbox AS (SELECT * FROM by_pair WHERE rank = 3)"""
"""The rules themselves."""
