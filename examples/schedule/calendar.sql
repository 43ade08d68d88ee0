-- One row for each cycle of each day that is asked for, with what the models know of it.
WITH RECURSIVE
asked AS (
  SELECT coalesce(start_date, date) AS first, coalesce(end_date, start_date, date) AS last, cycle, start_date FROM request
),
days(day, last) AS (
  SELECT first, last FROM asked
  WHERE CASE
    WHEN last < first AND start_date IS NULL THEN refuse('end_date is before ' || first || ', the first day without a start_date')
    WHEN last < first THEN refuse('end_date is before start_date')
    WHEN julianday(last) - julianday(first) >= 366 THEN refuse('at most 366 days are answered at once')
    ELSE 1 END
  UNION ALL
  SELECT date(day, '+1 day'), last FROM days WHERE day < last
),
cycles(cycle) AS (VALUES ('Cycle1'), ('Cycle3'))
SELECT
  day,
  cycles.cycle AS cycle,
  (strftime('%w', day) + 6) % 7 AS day_of_week,
  CAST(strftime('%m', day) AS INTEGER) AS month,
  cycles.cycle = 'Cycle1' AS is_cycle1,
  strftime('%w', day) IN ('0', '6') AS is_weekend,
  strftime('%w', day) = '1' AS is_monday,
  strftime('%w', day) = '2' AS is_tuesday
FROM days JOIN cycles JOIN asked
WHERE (asked.cycle IS NULL OR asked.cycle = cycles.cycle)
  -- No cycle on Sundays, the first alone on Saturdays.
  AND (strftime('%w', day) BETWEEN '1' AND '5' OR strftime('%w', day) = '6' AND cycles.cycle = 'Cycle1')
ORDER BY day, cycles.cycle
