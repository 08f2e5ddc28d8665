-- Table macros of warehouse.duckdb: estimates and differences by any columns of survey.wide.
-- A name that begins with _ is a part of another macro, or a column within one.

-- What the variance of a stratum's totals takes: see `deviations` in transforms.estimation.design.
CREATE VIEW survey.variance_factor AS
SELECT d.wave, d.stratum, d.psus,
    CASE WHEN d.psus = 1 THEN 1.0 ELSE d.psus / (d.psus - 1) END
        * (1 - coalesce(d.psus / d.population_psus, 0))
        * CASE WHEN s.lonely_psu = 'average'
            THEN count(*) OVER (PARTITION BY d.wave)
                / count(*) FILTER (NOT (d.psus = 1 AND coalesce(d.population_psus, 2) > 1))
                    OVER (PARTITION BY d.wave)
            ELSE 1 END AS factor,
    s.lonely_psu = 'centre' AND d.psus = 1 AND coalesce(d.population_psus, 2) > 1 AS about_zero
FROM survey.design AS d CROSS JOIN ref.survey AS s;
COMMENT ON VIEW survey.variance_factor IS 'A sampling stratum of a wave: what the squared deviations of its units'' totals are multiplied by, by the declared policy for lonely units';
COMMENT ON COLUMN survey.variance_factor.wave IS 'The wave';
COMMENT ON COLUMN survey.variance_factor.stratum IS 'The stratum';
COMMENT ON COLUMN survey.variance_factor.psus IS 'Primary sampling units with a respondent, in any domain';
COMMENT ON COLUMN survey.variance_factor.factor IS 'units/(units − 1), corrected for a finite population where that is declared';
COMMENT ON COLUMN survey.variance_factor.about_zero IS 'true: deviations are taken about zero, not about the stratum''s mean';

-- A share or mean from sums, its variance, and its degrees of freedom. s: a struct of sums over a
-- window: y, x, vy, c, vx, y2 (Σwy²), w2, n, ny, and parts, one a wave: a, vy, c, vx, df.
CREATE MACRO estimate._share(s) AS CASE WHEN s['ny'] = s['n'] THEN 1.0 ELSE s['y'] / s['x'] END;
CREATE MACRO estimate._certain(s) AS coalesce(s['ny'] = 0 OR s['ny'] = s['n'], false);
CREATE MACRO estimate._clean(raw, positive, size) AS
    CASE WHEN raw <= greatest(1e-12 * positive, (1e-10 * size) ** 2) THEN 0.0 ELSE raw END;
CREATE MACRO estimate._variance(s, r) AS CASE WHEN estimate._certain(s) THEN 0.0 ELSE
    estimate._clean(s['vy'] - 2 * r * s['c'] + r * r * s['vx'], s['vy'] + r * r * s['vx'],
        sqrt(s['x'] * s['y2'])) / s['x'] ** 2 END;
-- Satterthwaite's, of [{v, df}].
CREATE MACRO estimate._satterthwaite(parts) AS CASE
    WHEN len(list_filter(parts, lambda p: p['v'] > 0 AND p['df'] <= 0)) > 0 THEN 0.0
    WHEN list_sum(list_transform(parts, lambda p: p['v'])) > 0
        THEN list_sum(list_transform(parts, lambda p: p['v'])) ** 2 / list_sum(list_transform(
            parts, lambda p: CASE WHEN p['v'] > 0 THEN p['v'] ** 2 / p['df'] ELSE 0 END))
END;
CREATE MACRO estimate._df(s, r) AS CASE WHEN len(s['parts']) = 1 THEN s['parts'][1]['df'] ELSE
    coalesce(estimate._satterthwaite(list_transform(s['parts'], lambda p: {
        'v': CASE WHEN estimate._certain(s) THEN 0.0
            ELSE p['a'] ** 2 * greatest(p['vy'] - 2 * r * p['c'] + r * r * p['vx'], 0.0) END,
        'df': p['df']})), list_sum(list_transform(s['parts'], lambda p: p['df']))) END;
CREATE MACRO estimate._kish(s) AS s['x'] ** 2 / s['w2'];
CREATE MACRO estimate._marker(s, df, width) AS (
    SELECT CASE
        WHEN s['ny'] BETWEEN 1 AND u.minimum_count - 1
            OR s['n'] - s['ny'] BETWEEN 1 AND u.minimum_count - 1
            OR (s['ny'] IS NULL AND s['n'] < u.minimum_count) THEN '[c]'
        WHEN s['n'] < u.minimum_base OR df < u.minimum_df OR width > u.maximum_width THEN '[u]' END
    FROM ref.survey AS u
);

-- The windows that a question asks of: one row a period × wave, with the wave's factor.
CREATE MACRO survey._periods(periods, waves) AS TABLE
    SELECT p.period, p.kind, p.waves AS its_waves, p.wave AS last FROM ref.period AS p
    WHERE list_contains(CAST(periods AS VARCHAR[]), p.period)
UNION ALL
    SELECT array_to_string(CAST(waves AS VARCHAR[]), ' + '), 'chosen',
        list_distinct(CAST(waves AS VARCHAR[])),
        (SELECT max_by(w.wave, w.wave_order) FROM ref.wave AS w
        WHERE list_contains(CAST(waves AS VARCHAR[]), w.wave))
    WHERE CAST(waves AS VARCHAR[]) IS NOT NULL
UNION ALL
    SELECT c.wave, 'wave', [c.wave], c.wave FROM survey.calibration AS c
    WHERE CAST(periods AS VARCHAR[]) IS NULL AND CAST(waves AS VARCHAR[]) IS NULL;

CREATE MACRO survey._windows(measure, periods, waves) AS TABLE
WITH held AS (
    SELECT t.wave AS _wave, w.wave_order, any_value(t.control_total) AS total
    FROM estimate.total AS t JOIN ref.wave AS w ON w.wave = t.wave
    WHERE t.measure = measure GROUP BY ALL
),
breaks AS (
    SELECT w.wave_order FROM ref.measure AS m, unnest(m.breaks) AS b(wave)
    JOIN ref.wave AS w ON w.wave = b.wave WHERE m.measure = measure
),
usable AS (
    SELECT p.period, p.kind, len(p.its_waves) AS size, held._wave, held.total
    FROM survey._periods(periods, waves) AS p
    JOIN ref.wave AS z ON z.wave = p.last
    JOIN held ON list_contains(p.its_waves, held._wave)
    WHERE NOT EXISTS (FROM breaks AS b
        WHERE b.wave_order > held.wave_order AND b.wave_order <= z.wave_order)
)
SELECT u.period AS period, u._wave, CASE WHEN s.pooling = 'population'
        OR count(*) OVER (PARTITION BY u.period) = 1 THEN 1.0
    ELSE avg(u.total) OVER (PARTITION BY u.period) / u.total END AS _a,
    count(*) OVER (PARTITION BY u.period) >= CASE WHEN u.kind = 'rolling_year'
        THEN s.fewest_waves ELSE u.size END AS _whole
FROM usable AS u CROSS JOIN ref.survey AS s
ORDER BY ALL;

-- What is wrong with a question, in words, or NULL.
CREATE MACRO survey._columns() AS (
    SELECT list(c.column_name ORDER BY c.column_index) FROM duckdb_columns() AS c
    WHERE c.schema_name = 'survey' AND c.table_name = 'wide' AND c.database_name = current_database()
);
CREATE MACRO survey._waves_held() AS (SELECT list(c.wave ORDER BY c.wave) FROM survey.calibration AS c);
CREATE MACRO survey._all_periods() AS (
    SELECT list(p.period ORDER BY p.period_order) FROM ref.period AS p
    WHERE list_has_any(p.waves, survey._waves_held())
);
CREATE MACRO survey._incomplete(of_measure, of_periods, of_waves) AS (
    SELECT 'There is no figure of "' || of_measure || '" for ' || min(p.period)
        || ': its waves do not all hold it, a break in the series lies between them, or they are '
        || 'not calibrated and cannot count alike. Waves held: '
        || array_to_string(survey._waves_held(), ', ') || '.'
    FROM survey._periods(of_periods, of_waves) AS p
    WHERE (CAST(of_periods AS VARCHAR[]) IS NOT NULL OR CAST(of_waves AS VARCHAR[]) IS NOT NULL)
        AND p.period NOT IN (SELECT w.period FROM survey._windows(of_measure, of_periods, of_waves) AS w
            WHERE w._whole AND w._a IS NOT NULL)
    HAVING count(*) > 0
);
CREATE MACRO survey._problem(measure, by_columns, periods, waves) AS coalesce(
    estimate._named('measure', measure, estimate._measures()),
    estimate._unknown('column in survey.wide', by_columns, survey._columns()),
    estimate._unknown('period', periods, survey._all_periods()),
    estimate._unknown('wave', waves, survey._waves_held()),
    survey._incomplete(measure, periods, waves)
);

-- The respondents of survey.wide in a measure's base, with the columns asked for. `_none` stands
-- in for a measure that is not there, so that the question ends in words of ours.
CREATE MACRO survey._answers(measure, by_columns) AS TABLE
SELECT COLUMNS(lambda c: list_contains(by_columns, c) OR c = '_none'),
    s.wave AS _wave, s.stratum AS _stratum, s.psu AS _psu, s.calibration_weight AS _w,
    coalesce(*COLUMNS(lambda c: c IN ('y_' || measure, '_none'))) AS _y
FROM (SELECT *, CAST(NULL AS DOUBLE) AS _none FROM survey.wide) AS s;

-- As estimate.total, by any columns, from the design and the final weights: one row a wave × group.
CREATE MACRO survey.totals(measure, by_columns := []) AS TABLE
WITH units AS (
    SELECT * EXCLUDE (_w, _y, _none), sum(_w * _y) AS _y, sum(_w) AS _x, sum(_w * _y * _y) AS _y2,
        sum(_w * _w) AS _w2, count(*) AS _n, count(*) FILTER (_y = 1) AS _ny
    FROM survey._answers(measure, by_columns) WHERE _y IS NOT NULL
    GROUP BY ALL
),
strata AS (
    SELECT * EXCLUDE (_psu, _y, _x, _y2, _w2, _n, _ny), sum(_y) AS _y, sum(_x) AS _x,
        sum(_y * _y) AS _yy, sum(_y * _x) AS _yx, sum(_x * _x) AS _xx,
        sum(_y2) AS _y2, sum(_w2) AS _w2, sum(_n) AS _n, sum(_ny) AS _ny, count(*) AS _psus
    FROM units GROUP BY ALL
),
spread AS (
    SELECT s.* EXCLUDE (_stratum), f.factor AS _f,
        CASE WHEN f.about_zero THEN 0.0 ELSE 1.0 / f.psus END AS _m
    FROM strata AS s JOIN survey.variance_factor AS f ON f.wave = s._wave AND f.stratum = s._stratum
)
SELECT * EXCLUDE (_y, _x, _yy, _yx, _xx, _y2, _w2, _n, _ny, _psus, _f, _m),
    sum(_y) AS _y, sum(_x) AS _x, sum(_f * (_yy - _m * _y * _y)) AS _vy,
    sum(_f * (_yx - _m * _y * _x)) AS _c, sum(_f * (_xx - _m * _x * _x)) AS _vx,
    sum(_y2) AS _y2, sum(_w2) AS _w2, CAST(sum(_n) AS BIGINT) AS _n,
    CAST(sum(_ny) AS BIGINT) AS _ny, CAST(sum(_psus) AS DOUBLE) - count(*) AS _df
FROM spread GROUP BY ALL;

-- FROM survey.estimate('live_chat_aware', by_columns := ['area', 'age_band'], periods := ['2028-Q1'])
CREATE MACRO survey.estimate(measure, by_columns := [], periods := NULL, waves := NULL) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT survey._problem(measure, by_columns, periods, waves) AS problem
),
pooled AS (
    SELECT w.period AS period, t.* EXCLUDE (_wave, _y, _x, _vy, _c, _vx, _y2, _w2, _n, _ny, _df), {
        'y': sum(_a * _y), 'x': sum(_a * _x), 'y2': sum(_a * _y2), 'vy': sum(_a * _a * _vy),
        'c': sum(_a * _a * _c), 'vx': sum(_a * _a * _vx), 'w2': sum(_a * _a * _w2),
        'n': CAST(sum(_n) AS BIGINT),
        'ny': CASE WHEN any_value(m.kind) = 'proportion' THEN CAST(sum(_ny) AS BIGINT) END,
        'parts': list({'a': _a, 'vy': _vy, 'c': _c, 'vx': _vx, 'df': _df} ORDER BY w._wave)
    } AS _s
    FROM survey.totals(measure, by_columns := by_columns) AS t
    JOIN survey._windows(measure, periods, waves) AS w ON w._wave = t._wave
    JOIN ref.measure AS m ON m.measure = measure
    GROUP BY ALL
),
shares AS (SELECT *, estimate._share(_s) AS _r FROM pooled),
spreads AS (SELECT *, estimate._variance(_s, _r) AS _v, estimate._df(_s, _r) AS _d FROM shares),
ended AS (
    SELECT p.*, CASE WHEN m.kind = 'mean' THEN 't' ELSE u.interval_method END AS _i, estimate._ends(
        _r, _v, _s['n'], estimate._kish(_s), CAST(_d AS DOUBLE), _i, u.confidence, m.scale_lower,
        m.scale_upper) AS _e, m.scale_upper - m.scale_lower AS _scale
    FROM spreads AS p JOIN ref.measure AS m ON m.measure = measure CROSS JOIN ref.survey AS u
)
SELECT measure AS measure, * EXCLUDE (_s, _r, _v, _d, _i, _e, _scale), _r AS estimate,
    sqrt(_v) AS standard_error, CAST(_d AS DOUBLE) AS df, _e['lower'] AS ci_lower,
    _e['upper'] AS ci_upper, _i AS interval_method, _s['n'] AS unweighted_base,
    _s['x'] AS weighted_base, estimate._kish(_s) AS effective_base,
    estimate._marker(_s, _d, (_e['upper'] - _e['lower']) / _scale) AS marker,
    'linearised on final weights; calibration not taken into account' AS method
FROM ended
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;
