-- What is predicted beside what came, and how near the one is to the other.
WITH
came AS (
  SELECT
    substr(fil_creatn_dt, 1, 10) AS day,
    CASE WHEN substr(proc_strt_time, 1, 2) < '12' THEN 'Cycle1' ELSE 'Cycle3' END AS cycle,
    count(*) AS file_count,
    sum(in_tot_rec_cnt) AS volume
  FROM files GROUP BY 1, 2
),
compared AS (
  SELECT
    p.rowid AS place, p.day, p.cycle,
    p.file_count, p.total_records AS volume, round_half_even(p.runtime, 1) AS runtime,
    came.file_count AS actual_file_count, came.volume AS actual_volume, r."Total Runtime" AS actual_runtime
  FROM predicted AS p
  LEFT JOIN came ON came.day = p.day AND came.cycle = p.cycle
  LEFT JOIN runtimes AS r ON r."PDE date" = p.day AND r."Cycle Type" = p.cycle
),
precisions AS (
  SELECT *,
    round_half_even(max(0.0, 1 - abs(file_count - actual_file_count) / CAST(nullif(actual_file_count, 0) AS REAL)) * 100, 1) AS file_count_precision,
    round_half_even(max(0.0, 1 - abs(volume - actual_volume) / CAST(nullif(actual_volume, 0) AS REAL)) * 100, 1) AS volume_precision,
    round_half_even(max(0.0, 1 - abs(runtime - actual_runtime) / nullif(actual_runtime, 0)) * 100, 1) AS runtime_precision
  FROM compared
)
SELECT json_object(
  'date', coalesce(request.start_date, request.date),
  'day_name', day_name(coalesce(request.start_date, request.date)),
  'results', json((
    SELECT json_group_array(json_object(
      'date', day,
      'day_name', day_name(day),
      'cycle', cycle,
      'predictions', json_object('file_count', file_count, 'volume', volume, 'runtime_minutes', runtime),
      'actuals', json_object('file_count', actual_file_count, 'volume', actual_volume, 'runtime_minutes', actual_runtime),
      'precision', json_object('file_count', file_count_precision, 'volume', volume_precision, 'runtime_minutes', runtime_precision)
    ) ORDER BY place) FROM precisions
  )),
  'timestamp', request.now
) FROM request
