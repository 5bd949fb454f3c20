-- postgres: executed by the tests
WITH heat_0 AS (
  SELECT s."account_id" AS account_id,
    CAST(SUM(w.weight) AS BIGINT) AS strength,
    CAST(bit_or(w.bit) AS BIGINT) AS live,
    MAX(CASE WHEN w.weight > 0 THEN CAST(w.weight AS BIGINT) * 274877906944 + s.signal_no END) AS best
  FROM (SELECT account_id, signal_no, type, subject, occurred_day FROM signals
    UNION ALL
    SELECT a._ultimate_parent_id AS account_id, e.signal_no, e.type, e.subject, e.occurred_day
    FROM signals AS e JOIN accounts AS a ON a.account_id = e.account_id
    WHERE a._ultimate_parent_id <> a.account_id) AS s
  JOIN (SELECT * FROM (VALUES
  ('funding_round', 0, 0, 400000, 1),
  ('funding_round', 0, 1, 200000, 1),
  ('funding_round', 0, 2, 100000, 1)) AS v ("type", "signal", "age", "weight", "bit")) AS w ON w.type = s.type AND w.age = 20634 - s.occurred_day
  WHERE s.occurred_day BETWEEN 20632 AND 20634
    AND s.type IN ('funding_round') AND w.signal IN (0)
    AND (w.signal <> 0 OR translate(s.subject, 'BEGHIİORSTW', 'beghiiorstw') IN ('series b') OR strpos(translate(s.subject, 'BEGHIİORSTW', 'beghiiorstw'), 'growth') > 0)
  GROUP BY s."account_id"),
scan AS (
  SELECT a."account_id" AS account_id,
    CAST(CASE WHEN a."industry" IN ('Fintech', 'O''Neil \ ${x}') THEN 1048596 ELSE 0 END
      + CASE WHEN a."employees" BETWEEN 50 AND 500 THEN 2097172 ELSE 0 END
      + CASE WHEN COALESCE(CASE WHEN a."revenue" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN a."revenue" END, CASE WHEN p."revenue" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN p."revenue" END) > 5000000 THEN 4194314 ELSE 0 END
      + CASE WHEN CASE WHEN a."headcount_growth_6m" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN a."headcount_growth_6m" END < -0.1e0 THEN 8388608 WHEN CASE WHEN a."headcount_growth_6m" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN a."headcount_growth_6m" END >= -0.1e0 THEN 10 ELSE 0 END
      + CASE WHEN ('SAP' = ANY(a."technologies") AND 'Marketo' = ANY(a."technologies")) THEN 16777225 ELSE 0 END
      + CASE WHEN strpos(translate(array_to_string(a."technologies", ''), 'BDKKLNÖ', 'bdkklnö'), 'köln db') > 0 THEN 33554437 ELSE 0 END
      + CASE WHEN (strpos(translate(a."description", 'B', 'b'), 'b2b') > 0 OR strpos(translate(a."description", 'B', 'b'), '100%') > 0) THEN 67108869 ELSE 0 END
      + CASE WHEN a."created_on" BETWEEN DATE '2026-04-01' AND DATE '2026-06-30' THEN 134217729 ELSE 0 END
      + CASE WHEN a."country" <> 'KP' THEN 268451840 ELSE 0 END
      + CASE WHEN (a."employees" < 5 OR a."is_customer" <> FALSE) THEN 536870912 ELSE 0 END AS BIGINT) AS met_0,
    CAST(CASE WHEN a."industry" IS NULL THEN 1048596 ELSE 0 END
      + CASE WHEN a."employees" IS NULL THEN 2097172 ELSE 0 END
      + CASE WHEN COALESCE(CASE WHEN a."revenue" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN a."revenue" END, CASE WHEN p."revenue" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN p."revenue" END) IS NULL THEN 4194314 ELSE 0 END
      + CASE WHEN CASE WHEN a."headcount_growth_6m" BETWEEN -1.7976931348623157e+308 AND 1.7976931348623157e+308 THEN a."headcount_growth_6m" END IS NULL THEN 8388618 ELSE 0 END
      + CASE WHEN a."technologies" IS NULL THEN 50331662 ELSE 0 END
      + CASE WHEN a."description" IS NULL THEN 67108869 ELSE 0 END
      + CASE WHEN a."created_on" IS NULL THEN 134217729 ELSE 0 END
      + CASE WHEN a."country" IS NULL THEN 144115188344307712 ELSE 0 END
      + CASE WHEN a."employees" IS NOT NULL AND a."is_customer" IS NOT NULL THEN 0 WHEN (a."employees" < 5 OR a."is_customer" <> FALSE) THEN 0 WHEN (a."employees" >= 5 AND a."is_customer" = FALSE) THEN 0 ELSE 536870912 END AS BIGINT) AS unknown_0
  FROM accounts AS a
  LEFT JOIN accounts AS p ON p."account_id" = a."_ultimate_parent_id"),
marks AS (
  SELECT scan.account_id,
    scan.met_0,
    scan.unknown_0,
    scan.met_0 % 16384 AS points_0,
    scan.unknown_0 % 16384 AS open_0,
    CAST(CASE WHEN heat_0.strength > 0 THEN heat_0.strength ELSE 0 END AS BIGINT) AS strength_0,
    CAST(CASE WHEN heat_0.live IS NULL THEN 0 ELSE heat_0.live END AS BIGINT) AS live_0,
    CAST(heat_0.best AS BIGINT) AS why_0,
    previous.tier_0 AS previous_0
  FROM scan
  LEFT JOIN heat_0 ON heat_0.account_id = scan.account_id
  LEFT JOIN previous AS previous ON previous.account_id = scan.account_id),
judged AS (
  SELECT marks.*,
    CAST(CASE WHEN met_0 >= 536870912 THEN 1
      WHEN (met_0 % 1048576 - met_0 % 16384) + (unknown_0 % 1048576 - unknown_0 % 16384) < 16384 THEN 2
      WHEN unknown_0 >= 144115188075855872
      OR (10000 * (80 - open_0) < 400000 AND CASE WHEN met_0 >= 536870912 OR (met_0 % 1048576 - met_0 % 16384) + (unknown_0 % 1048576 - unknown_0 % 16384) < 16384 OR (unknown_0 & 805306368) > 0 THEN 4
      WHEN 100 * points_0 >= 5600 AND strength_0 >= 100000 AND (live_0 & 1) > 0 THEN 1
      WHEN 100 * points_0 >= 4000 THEN 2 ELSE 4 END <> CASE WHEN met_0 >= 536870912 OR (met_0 % 1048576 - met_0 % 16384) + (unknown_0 % 1048576 - unknown_0 % 16384) < 16384 THEN 4
      WHEN 100 * (points_0 + open_0) >= 5600 AND strength_0 >= 100000 AND (live_0 & 1) > 0 THEN 1
      WHEN 100 * (points_0 + open_0) >= 4000 THEN 2 ELSE 4 END) THEN 3 ELSE 0 END AS SMALLINT) AS status_0
  FROM marks)
SELECT account_id,
  met_0,
  unknown_0,
  strength_0,
  live_0,
  why_0,
  CAST(CASE WHEN status_0 <> 0 THEN 4
      WHEN 100 * points_0 >= 70 * (80 - open_0) AND (80 - open_0) > 0 AND 10000 * (80 - open_0) >= 480000 AND strength_0 >= 100000 AND (live_0 & 1) > 0 THEN 1
      WHEN previous_0 = 1 AND 100 * points_0 >= 65 * (80 - open_0) AND (80 - open_0) > 0 AND 10000 * (80 - open_0) >= 480000 AND strength_0 >= 100000 AND (live_0 & 1) > 0 THEN 1
      WHEN 100 * points_0 >= 50 * (80 - open_0) AND (80 - open_0) > 0 THEN 2
      WHEN previous_0 = 2 AND 100 * points_0 >= 45 * (80 - open_0) AND (80 - open_0) > 0 THEN 2 ELSE 4 END AS SMALLINT) AS tier_0,
  status_0
FROM judged
