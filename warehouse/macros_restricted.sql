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
-- A single wave that is named among both is one window, not two of one name.
CREATE MACRO survey._periods(periods, waves) AS TABLE
    SELECT p.period, p.kind, p.waves AS its_waves, p.wave AS last FROM ref.period AS p
    WHERE list_contains(CAST(periods AS VARCHAR[]), p.period)
UNION ALL
    SELECT c.period, 'chosen', c.its_waves, c.last FROM (
        SELECT string_agg(w.wave, ' + ' ORDER BY w.wave_order) AS period,
            list(w.wave ORDER BY w.wave_order) AS its_waves, max_by(w.wave, w.wave_order) AS last
        FROM ref.wave AS w WHERE list_contains(CAST(waves AS VARCHAR[]), w.wave)
        HAVING count(*) > 0
    ) AS c WHERE NOT coalesce(list_contains(CAST(periods AS VARCHAR[]), c.period), false)
UNION ALL
    SELECT DISTINCT t.wave, 'wave', [t.wave], t.wave FROM estimate.total AS t
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
        THEN s.fewest_waves ELSE u.size END AS _whole,
    count(*) OVER (PARTITION BY u.period) = u.size AS _every
FROM usable AS u CROSS JOIN ref.survey AS s
ORDER BY ALL;

-- What is wrong with a question, in words, or NULL.
CREATE MACRO survey._columns() AS (
    SELECT list(c.column_name ORDER BY c.column_index) FROM duckdb_columns() AS c
    WHERE c.schema_name = 'survey' AND c.table_name = 'wide' AND c.database_name = current_database()
);
CREATE MACRO survey._waves_held() AS (
    SELECT list(DISTINCT t.wave ORDER BY t.wave) FROM estimate.total AS t
);
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
CREATE MACRO survey._reduced(of_measure, of_periods, of_waves) AS (
    SELECT 'The respondents of ' || min(w._wave) || ' are no longer kept. '
        || 'estimate.calibrated answers for declared domains.'
    FROM survey._windows(of_measure, of_periods, of_waves) AS w
    WHERE (CAST(of_periods AS VARCHAR[]) IS NOT NULL OR CAST(of_waves AS VARCHAR[]) IS NOT NULL)
        AND w._wave NOT IN (SELECT DISTINCT r.wave FROM survey.wide AS r)
    HAVING count(*) > 0
);
CREATE MACRO survey._problem_of_window(measure, periods, waves) AS coalesce(
    estimate._unknown('measure', [measure], estimate._measures()),
    estimate._unknown('period', periods, survey._all_periods()),
    estimate._unknown('wave', waves, survey._waves_held()),
    estimate._empty('periods', periods),
    estimate._empty('waves', waves),
    survey._incomplete(measure, periods, waves)
);
CREATE MACRO survey._problem(measure, by_columns, periods, waves) AS coalesce(
    survey._problem_of_window(measure, periods, waves),
    estimate._unknown('column in survey.wide', by_columns, survey._columns()),
    survey._reduced(measure, periods, waves)
);

-- The respondents of survey.wide in a measure's base, with the columns asked for. `_none` stands
-- in for a measure that is not there, so that the question ends in words of ours.
CREATE MACRO survey._answers(measure, by_columns) AS TABLE
SELECT COLUMNS(lambda c: list_contains(by_columns, c) OR c = '_none'),
    s.wave AS _wave, s.stratum AS _stratum, s.psu AS _psu, s.respondent AS _respondent,
    s.design_weight AS _design, s.calibration_weight AS _w,
    coalesce(*COLUMNS(lambda c: c IN ('y_' || measure, '_none'))) AS _y
FROM (SELECT *, CAST(NULL AS DOUBLE) AS _none FROM survey.wide) AS s;

-- The same with the side of a comparison that the respondent is on; the others are left out.
CREATE MACRO survey._sides(measure, by_column, one, other, by_columns) AS TABLE
SELECT * EXCLUDE (_side), CASE WHEN _side = one THEN 1
    WHEN (CAST(other AS VARCHAR) IS NULL AND _side IS DISTINCT FROM one) OR _side = other
        THEN 2 END AS _side
FROM (
    SELECT COLUMNS(lambda c: list_contains(by_columns, c) OR c = '_none'),
        s.wave AS _wave, s.stratum AS _stratum, s.psu AS _psu, s.calibration_weight AS _w,
        coalesce(*COLUMNS(lambda c: c IN ('y_' || measure, '_none'))) AS _y,
        coalesce(*COLUMNS(lambda c: c IN (by_column, '_text'))) AS _side
    FROM (SELECT *, CAST(NULL AS DOUBLE) AS _none, CAST(NULL AS VARCHAR) AS _text
        FROM survey.wide) AS s
);
CREATE MACRO survey._values(by_column) AS (
    SELECT list(DISTINCT v.value ORDER BY v.value) FROM (
        SELECT coalesce(*COLUMNS(lambda c: c IN (by_column, '_text'))) AS value
        FROM (SELECT *, CAST(NULL AS VARCHAR) AS _text FROM survey.wide)
    ) AS v WHERE v.value IS NOT NULL
);

-- As estimate.total, by any columns, from the design and the final weights: one row a wave × group.
CREATE MACRO survey.totals(measure, by_columns := []) AS TABLE
WITH units AS (
    SELECT * EXCLUDE (_w, _y, _none, _respondent, _design), sum(_w * _y) AS _y, sum(_w) AS _x, sum(_w * _y * _y) AS _y2,
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
windows AS MATERIALIZED (FROM survey._windows(measure, periods, waves)),
pooled AS (
    SELECT w.period AS period, t.* EXCLUDE (_wave, _y, _x, _vy, _c, _vx, _y2, _w2, _n, _ny, _df), {
        'y': sum(_a * _y), 'x': sum(_a * _x), 'y2': sum(_a * _y2), 'vy': sum(_a * _a * _vy),
        'c': sum(_a * _a * _c), 'vx': sum(_a * _a * _vx), 'w2': sum(_a * _a * _w2),
        'n': CAST(sum(_n) AS BIGINT),
        'ny': CASE WHEN any_value(m.kind) = 'proportion' THEN CAST(sum(_ny) AS BIGINT) END,
        'parts': list({'a': _a, 'vy': _vy, 'c': _c, 'vx': _vx, 'df': _df} ORDER BY w._wave)
    } AS _s
    FROM (FROM survey.totals(measure, by_columns := by_columns)
        WHERE _wave IN (SELECT _wave FROM windows)) AS t
    JOIN windows AS w ON w._wave = t._wave
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

-- The pipeline's own figures of a declared domain, for any window, from the stored totals:
-- FROM estimate.calibrated('live_chat_aware', domain := 'area', waves := ['2027-Q3', '2027-Q4'])
CREATE MACRO estimate.calibrated(measure, domain := 'all', periods := NULL, waves := NULL) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT coalesce(survey._problem_of_window(measure, periods, waves),
        estimate._unknown('domain of ' || measure, [domain], estimate._domains_of(measure))
    ) AS problem
),
pooled AS (
    SELECT w.period AS period, t.domain_value AS _value, {
        'y': sum(_a * t.y), 'x': sum(_a * t.x), 'y2': sum(_a * t.sum_wy2),
        'vy': sum(_a * _a * t.var_y), 'c': sum(_a * _a * t.cov_yx),
        'vx': sum(_a * _a * t.var_x), 'w2': sum(_a * _a * t.sum_w2),
        'n': CAST(sum(t.n) AS BIGINT), 'ny': CAST(sum(t.n_y) AS BIGINT),
        'parts': list({'a': _a, 'vy': t.var_y, 'c': t.cov_yx, 'vx': t.var_x,
            'df': CAST(t.df AS DOUBLE)} ORDER BY w._wave)
    } AS _s
    FROM estimate.total AS t JOIN survey._windows(measure, periods, waves) AS w ON w._wave = t.wave
    WHERE t.measure = measure AND t.domain = domain
    GROUP BY ALL HAVING sum(t.n) > 0
),
shares AS (SELECT *, estimate._share(_s) AS _r FROM pooled),
spreads AS (SELECT *, estimate._variance(_s, _r) AS _v, estimate._df(_s, _r) AS _d FROM shares),
ended AS (
    SELECT p.*, CASE WHEN m.kind = 'mean' THEN 't' ELSE u.interval_method END AS _i, estimate._ends(
        _r, _v, _s['n'], estimate._kish(_s), _d, _i, u.confidence, m.scale_lower,
        m.scale_upper) AS _e, m.scale_upper - m.scale_lower AS _scale, d.value_label AS _label
    FROM spreads AS p JOIN ref.measure AS m ON m.measure = measure CROSS JOIN ref.survey AS u
    JOIN ref.domain AS d ON d.domain = domain AND d.domain_value = p._value
)
SELECT measure AS measure, period, _value AS domain_value, _label AS domain_label,
    _r AS estimate, sqrt(_v) AS standard_error, _d AS df, _e['lower'] AS ci_lower,
    _e['upper'] AS ci_upper, _i AS interval_method, _s['n'] AS unweighted_base,
    _s['x'] AS weighted_base, estimate._kish(_s) AS effective_base,
    estimate._marker(_s, _d, (_e['upper'] - _e['lower']) / _scale) AS marker,
    'linearised, calibration taken into account' AS method
FROM ended
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;

-- The change between two periods, which may share waves:
-- FROM survey.change('live_chat_aware', '2028-Q1', '2027-Q1', by_columns := ['area'])
CREATE MACRO survey.change(measure, period, compared_with, by_columns := []) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT coalesce(survey._problem(measure, by_columns, [period, compared_with], NULL),
        (SELECT min(w.period) || ' lacks some of its waves, and the other period may hold those '
            || 'quarters: compare single waves, or whole years.'
        FROM survey._windows(measure, [period, compared_with], NULL) AS w WHERE NOT w._every)
    ) AS problem
),
windows AS (
    SELECT w._wave, coalesce(sum(w._a) FILTER (w.period = period), 0) AS _a1,
        coalesce(sum(w._a) FILTER (w.period = compared_with), 0) AS _a2
    FROM survey._windows(measure, [period, compared_with], NULL) AS w GROUP BY ALL
),
paired AS (
    SELECT t.* EXCLUDE (_wave, _y, _x, _vy, _c, _vx, _y2, _w2, _n, _ny, _df), {
        'y1': sum(_a1 * _y), 'x1': sum(_a1 * _x), 'y2': sum(_a2 * _y), 'x2': sum(_a2 * _x),
        'n1': sum(_n) FILTER (_a1 > 0), 'n2': sum(_n) FILTER (_a2 > 0),
        'ny1': sum(_ny) FILTER (_a1 > 0), 'ny2': sum(_ny) FILTER (_a2 > 0),
        'parts': list({'a1': _a1, 'a2': _a2, 'y2': _y2, 'x': _x, 'vy': _vy, 'c': _c, 'vx': _vx,
            'df': _df} ORDER BY w._wave)
    } AS _s
    FROM survey.totals(measure, by_columns := by_columns) AS t JOIN windows AS w ON w._wave = t._wave
    GROUP BY ALL
    HAVING coalesce(sum(_n) FILTER (_a1 > 0), 0) > 0 AND coalesce(sum(_n) FILTER (_a2 > 0), 0) > 0
),
shares AS (
    SELECT *, CASE WHEN _kind = 'proportion' AND _s['ny1'] = _s['n1'] THEN 1.0
            ELSE _s['y1'] / _s['x1'] END AS _r1,
        CASE WHEN _kind = 'proportion' AND _s['ny2'] = _s['n2'] THEN 1.0
            ELSE _s['y2'] / _s['x2'] END AS _r2
    FROM (SELECT p.*, m.kind AS _kind, m.scale_upper - m.scale_lower AS _scale, u.confidence AS _level
        FROM paired AS p JOIN ref.measure AS m ON m.measure = measure CROSS JOIN ref.survey AS u)
),
lines AS (
    SELECT *, list_transform(_s['parts'], lambda p: {
        'a': p['a1'] / _s['x1'] - p['a2'] / _s['x2'],
        'b': _r1 * p['a1'] / _s['x1'] - _r2 * p['a2'] / _s['x2'], 'p': p}) AS _lines
    FROM shares
),
spreads AS (
    SELECT *, list_transform(_lines, lambda l: {'df': l['p']['df'], 'v': estimate._clean(
        greatest(l['a'] ** 2 * l['p']['vy'] - 2 * l['a'] * l['b'] * l['p']['c']
            + l['b'] ** 2 * l['p']['vx'], 0.0),
        l['a'] ** 2 * l['p']['vy'] + l['b'] ** 2 * l['p']['vx'],
        abs(l['a']) * sqrt(l['p']['x'] * l['p']['y2']) + abs(l['b']) * l['p']['x'])}) AS _vs
    FROM lines
),
summed AS (
    SELECT *, list_sum(list_transform(_vs, lambda p: p['v'])) AS _v,
        estimate._satterthwaite(_vs) AS _df, _r1 - _r2 AS _d,
        CASE WHEN _kind = 'proportion' THEN least(_s['ny1'], _s['n1'] - _s['ny1'], _s['ny2'],
            _s['n2'] - _s['ny2']) END AS _fewest
    FROM spreads
),
tested AS (
    SELECT *, coalesce(_v > 0 AND _df >= 1, false) AS _usable,
        estimate.t_quantile(_level, greatest(coalesce(_df, 1.0), 1.0)) * sqrt(_v) AS _half
    FROM summed
)
SELECT measure AS measure, period AS period, compared_with AS compared_with,
    * EXCLUDE (_s, _kind, _scale, _level, _r1, _r2, _lines, _vs, _v, _df, _d, _fewest, _usable, _half),
    _r1 AS estimate, _r2 AS estimate_before, _d AS difference, sqrt(_v) AS standard_error,
    CASE WHEN _usable THEN _df END AS df,
    CASE WHEN _usable THEN greatest(_d - _half, -_scale) END AS ci_lower,
    CASE WHEN _usable THEN least(_d + _half, _scale) END AS ci_upper,
    CASE WHEN _usable AND coalesce(_fewest, 5) >= 5
        THEN estimate.two_sided_p(abs(_d) / sqrt(_v), greatest(_df, 1.0)) END AS p_value,
    CASE WHEN NOT _usable THEN 'nothing varies, or too few sampling units'
        WHEN _fewest < 5 THEN 'fewer than 5 people gave one of the answers' END AS no_test_reason,
    CAST(_s['n1'] AS BIGINT) AS unweighted_base, CAST(_s['n2'] AS BIGINT) AS unweighted_base_before,
    'linearised on final weights; calibration not taken into account' AS method
FROM tested
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;

-- Two groups, or one and everybody else, in the same windows; their covariance is in the error:
-- FROM survey.difference('live_chat_aware', 'sex', 'Women', other := 'Men', periods := ['2028-Q1'])
CREATE MACRO survey._one_side(s, side) AS CASE WHEN side = 1
    THEN {'y': s['y1'], 'x': s['x1'], 'y2': s['q1'], 'w2': s['w1'], 'vy': s['vy1'], 'c': s['c1'],
        'vx': s['vx1'], 'n': s['n1'], 'ny': s['ny1'], 'parts': list_transform(s['parts'], lambda p:
            {'a': p['a'], 'vy': p['vy1'], 'c': p['c1'], 'vx': p['vx1'], 'df': p['df1']})}
    ELSE {'y': s['y2'], 'x': s['x2'], 'y2': s['q2'], 'w2': s['w2'], 'vy': s['vy2'], 'c': s['c2'],
        'vx': s['vx2'], 'n': s['n2'], 'ny': s['ny2'], 'parts': list_transform(s['parts'], lambda p:
            {'a': p['a'], 'vy': p['vy2'], 'c': p['c2'], 'vx': p['vx2'], 'df': p['df2']})}
END;
-- 1/n_e of a side: see `per_effective_base` in transforms.windows.score.
CREATE MACRO survey._per_base(s, r, v) AS CASE WHEN r * (1 - r) <= 0 THEN s['w2'] / s['x'] ** 2
    ELSE greatest(v / (r * (1 - r)), 1 / s['n']) END;

CREATE MACRO survey.difference(
    measure, by_column, one, other := NULL, by_columns := [], periods := NULL, waves := NULL
) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT coalesce(survey._problem(measure, list_concat(by_columns, [by_column]), periods, waves),
        estimate._unknown('value of ' || by_column, [one, coalesce(CAST(other AS VARCHAR), one)],
            survey._values(by_column)),
        CASE WHEN by_column = 'wave'
            THEN 'Waves are compared with survey.change(measure, period, compared_with), '
                || 'not with survey.difference.'
            WHEN CAST(one AS VARCHAR) = CAST(other AS VARCHAR)
            THEN '"' || one || '" cannot be compared with itself.'
            WHEN list_contains(by_columns, by_column)
            THEN 'The groups of ' || by_column || ' cannot be compared within ' || by_column
                || ': leave it out of by_columns.' END) AS problem
),
units AS (
    SELECT * EXCLUDE (_w, _y, _side, _none),
        coalesce(sum(_w * _y) FILTER (_side = 1), 0) AS _y1,
        coalesce(sum(_w) FILTER (_side = 1), 0) AS _x1,
        coalesce(sum(_w * _y) FILTER (_side = 2), 0) AS _y2,
        coalesce(sum(_w) FILTER (_side = 2), 0) AS _x2,
        coalesce(sum(_w * _y * _y) FILTER (_side = 1), 0) AS _q1,
        coalesce(sum(_w * _y * _y) FILTER (_side = 2), 0) AS _q2,
        coalesce(sum(_w * _w) FILTER (_side = 1), 0) AS _w1,
        coalesce(sum(_w * _w) FILTER (_side = 2), 0) AS _w2,
        count(*) FILTER (_side = 1) AS _n1, count(*) FILTER (_side = 2) AS _n2,
        count(*) FILTER (_side = 1 AND _y = 1) AS _ny1,
        count(*) FILTER (_side = 2 AND _y = 1) AS _ny2
    FROM survey._sides(measure, by_column, one, other, by_columns)
    WHERE _y IS NOT NULL AND _side IS NOT NULL
    GROUP BY ALL
),
strata AS (
    SELECT * EXCLUDE (_psu, _y1, _x1, _y2, _x2, _q1, _q2, _w1, _w2, _n1, _n2, _ny1, _ny2),
        sum(_y1) AS _y1, sum(_x1) AS _x1, sum(_y2) AS _y2, sum(_x2) AS _x2,
        sum(_y1 * _y1) AS _y1y1, sum(_y1 * _x1) AS _y1x1, sum(_x1 * _x1) AS _x1x1,
        sum(_y2 * _y2) AS _y2y2, sum(_y2 * _x2) AS _y2x2, sum(_x2 * _x2) AS _x2x2,
        sum(_y1 * _y2) AS _y1y2, sum(_y1 * _x2) AS _y1x2, sum(_x1 * _y2) AS _x1y2,
        sum(_x1 * _x2) AS _x1x2,
        sum(_q1) AS _q1, sum(_q2) AS _q2, sum(_w1) AS _w1, sum(_w2) AS _w2,
        sum(_n1) AS _n1, sum(_n2) AS _n2, sum(_ny1) AS _ny1, sum(_ny2) AS _ny2,
        greatest(count(*) - 1, 0) AS _df,
        greatest(count(*) FILTER (_n1 > 0) - 1, 0) AS _df1,
        greatest(count(*) FILTER (_n2 > 0) - 1, 0) AS _df2
    FROM units GROUP BY ALL
),
spread AS (
    SELECT s.* EXCLUDE (_stratum), f.factor AS _f,
        CASE WHEN f.about_zero THEN 0.0 ELSE 1.0 / f.psus END AS _m
    FROM strata AS s JOIN survey.variance_factor AS f ON f.wave = s._wave AND f.stratum = s._stratum
),
by_wave AS (
    SELECT * EXCLUDE (_y1, _x1, _y2, _x2, _y1y1, _y1x1, _x1x1, _y2y2, _y2x2, _x2x2, _y1y2, _y1x2,
            _x1y2, _x1x2, _q1, _q2, _w1, _w2, _n1, _n2, _ny1, _ny2, _df, _df1, _df2, _f, _m), {
        'y1': sum(_y1), 'x1': sum(_x1), 'y2': sum(_y2), 'x2': sum(_x2),
        'q1': sum(_q1), 'q2': sum(_q2), 'w1': sum(_w1), 'w2': sum(_w2),
        'n1': sum(_n1), 'n2': sum(_n2), 'ny1': sum(_ny1), 'ny2': sum(_ny2),
        'vy1': sum(_f * (_y1y1 - _m * _y1 * _y1)), 'c1': sum(_f * (_y1x1 - _m * _y1 * _x1)),
        'vx1': sum(_f * (_x1x1 - _m * _x1 * _x1)),
        'vy2': sum(_f * (_y2y2 - _m * _y2 * _y2)), 'c2': sum(_f * (_y2x2 - _m * _y2 * _x2)),
        'vx2': sum(_f * (_x2x2 - _m * _x2 * _x2)),
        'yy': sum(_f * (_y1y2 - _m * _y1 * _y2)), 'yx': sum(_f * (_y1x2 - _m * _y1 * _x2)),
        'xy': sum(_f * (_x1y2 - _m * _x1 * _y2)), 'xx': sum(_f * (_x1x2 - _m * _x1 * _x2)),
        'df': CAST(sum(_df) AS DOUBLE), 'df1': CAST(sum(_df1) AS DOUBLE),
        'df2': CAST(sum(_df2) AS DOUBLE)} AS _p
    FROM spread GROUP BY ALL
),
pooled AS (
    SELECT w.period AS period, t.* EXCLUDE (_wave, _p), {
        'y1': sum(_a * _p['y1']), 'x1': sum(_a * _p['x1']), 'y2': sum(_a * _p['y2']),
        'x2': sum(_a * _p['x2']), 'q1': sum(_a * _p['q1']), 'q2': sum(_a * _p['q2']),
        'w1': sum(_a * _a * _p['w1']), 'w2': sum(_a * _a * _p['w2']),
        'n1': CAST(sum(_p['n1']) AS BIGINT), 'n2': CAST(sum(_p['n2']) AS BIGINT),
        'ny1': CASE WHEN any_value(m.kind) = 'proportion' THEN CAST(sum(_p['ny1']) AS BIGINT) END,
        'ny2': CASE WHEN any_value(m.kind) = 'proportion' THEN CAST(sum(_p['ny2']) AS BIGINT) END,
        'vy1': sum(_a * _a * _p['vy1']), 'c1': sum(_a * _a * _p['c1']),
        'vx1': sum(_a * _a * _p['vx1']), 'vy2': sum(_a * _a * _p['vy2']),
        'c2': sum(_a * _a * _p['c2']), 'vx2': sum(_a * _a * _p['vx2']),
        'yy': sum(_a * _a * _p['yy']), 'yx': sum(_a * _a * _p['yx']),
        'xy': sum(_a * _a * _p['xy']), 'xx': sum(_a * _a * _p['xx']), 'df': sum(_p['df']),
        'parts': list({'a': _a, 'vy1': _p['vy1'], 'c1': _p['c1'], 'vx1': _p['vx1'],
            'df1': _p['df1'], 'vy2': _p['vy2'], 'c2': _p['c2'], 'vx2': _p['vx2'],
            'df2': _p['df2']} ORDER BY w._wave)
    } AS _s, any_value(m.kind) AS _kind, any_value(m.scale_upper - m.scale_lower) AS _scale,
        any_value(u.confidence) AS _level
    FROM by_wave AS t JOIN survey._windows(measure, periods, waves) AS w ON w._wave = t._wave
    JOIN ref.measure AS m ON m.measure = measure CROSS JOIN ref.survey AS u
    GROUP BY ALL HAVING sum(_p['n1']) > 0 AND sum(_p['n2']) > 0
),
sides AS (
    SELECT *, survey._one_side(_s, 1) AS _s1, survey._one_side(_s, 2) AS _s2 FROM pooled
),
shares AS (SELECT *, estimate._share(_s1) AS _r1, estimate._share(_s2) AS _r2 FROM sides),
spreads AS (
    SELECT *, estimate._variance(_s1, _r1) AS _v1, estimate._variance(_s2, _r2) AS _v2,
        (_s['yy'] - _r2 * _s['yx'] - _r1 * _s['xy'] + _r1 * _r2 * _s['xx']) / _s['x1'] / _s['x2']
            AS _c, estimate._df(_s1, _r1) AS _df1, estimate._df(_s2, _r2) AS _df2
    FROM shares
),
joined AS (
    SELECT *, _r1 - _r2 AS _d, CASE WHEN _v1 > 0 AND _v2 > 0 THEN -2 * _c ELSE 0.0 END AS _further,
        _kind = 'proportion' AS _counted,
        CASE WHEN _counted THEN survey._per_base(_s1, _r1, _v1) ELSE _v1 END AS _p1,
        CASE WHEN _counted THEN survey._per_base(_s2, _r2, _v2) ELSE _v2 END AS _p2,
        _s['x1'] / (_s['x1'] + _s['x2']) AS _own,
        least(estimate._satterthwaite([{'v': _p1, 'df': _df1}, {'v': _p2, 'df': _df2}]), _s['df'])
            AS _df
    FROM spreads
),
scored AS (
    SELECT *, estimate._clean(greatest(_v1 + _v2 + _further, 0.0), _v1 + _v2, 0.0) AS _v,
        _own * _r1 + (1 - _own) * _r2 AS _joint,
        _joint * (1 - _joint) * (_p1 + _p2) + _further AS _score,
        _counted AND _score > 0 AS _by_score,
        CASE WHEN _by_score THEN _score ELSE _v END AS _zero,
        CASE WHEN _by_score THEN (1 - 2 * _joint) * ((1 - _own) * _p1 - _own * _p2) ELSE 0.0 END
            AS _linear,
        CASE WHEN _by_score THEN (1 - _own) ** 2 * _p1 + _own ** 2 * _p2 ELSE 0.0 END AS _square,
        least(_s1['ny'], _s1['n'] - _s1['ny'], _s2['ny'], _s2['n'] - _s2['ny']) AS _fewest
    FROM joined
),
tested AS (
    SELECT *, coalesce(_v > 0 AND _df >= 1, false) AS _usable,
        estimate.t_quantile(_level, greatest(coalesce(_df, 1.0), 1.0)) ** 2 AS _t2,
        _d + _t2 * _linear / 2 AS _centre, 1 + _t2 * _square AS _by,
        sqrt(_t2 * (_zero + _linear * _d + _t2 * _linear ** 2 / 4
            + _square * (_t2 * _zero - _d ** 2))) AS _half
    FROM scored
)
SELECT measure AS measure, COLUMNS(lambda c: list_contains(by_columns, c) OR c = 'period'),
    CAST(one AS VARCHAR) AS one, coalesce(CAST(other AS VARCHAR), 'everybody else') AS other,
    _r1 AS estimate_one, _r2 AS estimate_other, _d AS difference, sqrt(_v) AS standard_error,
    CASE WHEN _usable THEN _df END AS df,
    CASE WHEN _usable THEN greatest((_centre - _half) / _by, -_scale) END AS ci_lower,
    CASE WHEN _usable THEN least((_centre + _half) / _by, _scale) END AS ci_upper,
    CASE WHEN _usable AND coalesce(_fewest, 5) >= 5
        THEN estimate.two_sided_p(abs(_d) / sqrt(_zero), greatest(_df, 1.0)) END AS p_value,
    CASE WHEN NOT _usable THEN 'nothing varies, or too few sampling units'
        WHEN _fewest < 5 THEN 'fewer than 5 people gave one of the answers' END AS no_test_reason,
    _s1['n'] AS unweighted_base_one, _s2['n'] AS unweighted_base_other,
    'linearised on final weights; calibration not taken into account; '
        || CASE WHEN _by_score THEN 'score test' ELSE 't test' END AS method
FROM tested
UNION ALL BY NAME
SELECT CAST(error(coalesce(problem, 'In none of these periods has ' || measure || ' answers of both '
    || 'groups: there is nothing to compare.')) AS VARCHAR) AS measure
FROM problem WHERE problem IS NOT NULL OR (SELECT count(*) FROM tested) = 0
ORDER BY ALL;

-- As survey.estimate, its variance from the stored replicate weights: seconds, not tenths.
-- FROM survey.estimate_by_replicates('live_chat_aware', by_columns := ['sex'], periods := ['2028-Q1'])
CREATE MACRO survey._unreplicated(of_measure, of_periods, of_waves) AS (
    SELECT 'There are no replicate weights to answer for ' || min(w.period) || ': '
        || 'every wave needs them, and waves are pooled where their bootstraps have one number of '
        || 'replicates. survey.estimate answers without them.'
    FROM (
        SELECT w.period FROM survey._windows(of_measure, of_periods, of_waves) AS w
        LEFT JOIN survey.replication AS r ON r.wave = w._wave
        GROUP BY w.period HAVING count(r.wave) < count(*)
            OR (count(*) > 1 AND (count(DISTINCT r.replicates) > 1
                OR count(*) FILTER (r.method <> 'bootstrap') > 0))
    ) AS w HAVING count(*) > 0
);
CREATE MACRO survey.estimate_by_replicates(
    measure, by_columns := [], periods := NULL, waves := NULL
) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT coalesce(survey._problem(measure, by_columns, periods, waves),
        survey._unreplicated(measure, periods, waves)) AS problem
),
windows AS MATERIALIZED (FROM survey._windows(measure, periods, waves)),
answers AS (
    SELECT * FROM survey._answers(measure, by_columns)
    WHERE _y IS NOT NULL AND _wave IN (SELECT _wave FROM windows)
),
-- As the view survey.replicate_weight, but each combination of categories is multiplied once.
categories AS (
    SELECT c.wave, c.respondent,
        list({'margin': c.margin, 'category': c.category} ORDER BY c.margin) AS combination
    FROM survey.replicate_category AS c WHERE c.wave IN (SELECT _wave FROM windows)
    GROUP BY ALL
),
combinations AS (
    SELECT wave, combination, unnest(combination) AS one
    FROM (SELECT DISTINCT wave, combination FROM categories)
),
factors AS (
    SELECT wave, combination, list_transform(range(1, len(every[1]) + 1),
        lambda i: list_product(list_transform(every, lambda one: one[i]))) AS factors
    FROM (
        SELECT c.wave, c.combination, list(f.factors ORDER BY f.margin) AS every
        FROM combinations AS c JOIN survey.replicate_factor AS f ON f.wave = c.wave
            AND f.margin = c.one['margin'] AND f.category = c.one['category']
        GROUP BY ALL
    )
),
drawn AS (
    SELECT a.* EXCLUDE (_respondent, _w, _none),
        unnest(range(1, len(d.multipliers) + 1)) AS _replicate,
        unnest(d.multipliers) AS _multiplier, unnest(f.factors) AS _factor
    FROM answers AS a
    JOIN survey.replicate_draw AS d
        ON d.wave = a._wave AND d.stratum = a._stratum AND d.psu = a._psu
    LEFT JOIN categories AS c ON c.wave = a._wave AND c.respondent = a._respondent
    LEFT JOIN factors AS f ON f.wave = c.wave AND f.combination = c.combination
),
weighted AS (
    SELECT * EXCLUDE (_respondent, _design, _w, _none), 0 AS _replicate, _w FROM answers
    UNION ALL BY NAME
    SELECT * EXCLUDE (_design, _multiplier, _factor),
        _design * _multiplier * coalesce(_factor, 1) AS _w
    FROM drawn
),
units AS (
    SELECT * EXCLUDE (_w, _y), sum(_w * _y) AS _y, sum(_w) AS _x, sum(_w * _w) AS _w2,
        count(*) AS _n, count(*) FILTER (_y = 1) AS _ny
    FROM weighted GROUP BY ALL
),
sums AS (
    SELECT w.period AS period, w._whole AS _whole,
        u.* EXCLUDE (_wave, _stratum, _psu, _y, _x, _w2, _n, _ny),
        sum(_a * _y) AS _y, sum(_a * _x) AS _x, sum(_a * _a * _w2) AS _w2, sum(_n) AS _n,
        sum(_ny) AS _ny, count(*) - count(DISTINCT {'s': _stratum, 'w': u._wave}) AS _d,
        any_value(r.scale) AS _scale, any_value(r.rscales) AS _rscales
    FROM units AS u JOIN windows AS w ON w._wave = u._wave
    JOIN survey.replication AS r ON r.wave = u._wave
    GROUP BY ALL
),
pooled AS (
    SELECT s.* EXCLUDE (_whole, _replicate, _y, _x, _w2, _n, _ny, _d, _scale, _rscales), {
        'y': sum(_y) FILTER (_replicate = 0), 'x': sum(_x) FILTER (_replicate = 0),
        'w2': sum(_w2) FILTER (_replicate = 0),
        'n': CAST(sum(_n) FILTER (_replicate = 0) AS BIGINT),
        'ny': CASE WHEN any_value(m.kind) = 'proportion'
            THEN CAST(sum(_ny) FILTER (_replicate = 0) AS BIGINT) END} AS _s,
        CAST(sum(_d) FILTER (_replicate = 0) AS DOUBLE) AS _d, any_value(_scale) AS _k, any_value(_rscales) AS _rs,
        list(_y / nullif(_x, 0) ORDER BY _replicate) FILTER (_replicate > 0) AS _b
    FROM sums AS s JOIN ref.measure AS m ON m.measure = measure GROUP BY ALL
),
shares AS (SELECT *, estimate._share(_s) AS _r, list_avg(_b) AS _mean FROM pooled),
spreads AS (
    SELECT *, CASE WHEN estimate._certain(_s) THEN 0.0
        WHEN len(list_filter(_b, lambda b: b IS NOT NULL)) = len(_rs) THEN _k * list_sum(
            list_transform(_b, lambda b, i: _rs[i] * (b - _mean) ** 2)) END AS _v
    FROM shares
),
ended AS (
    SELECT p.* EXCLUDE (_k, _rs, _b, _mean),
        CASE WHEN m.kind = 'mean' THEN 't' ELSE u.interval_method END AS _i, estimate._ends(
        _r, _v, _s['n'], estimate._kish(_s), _d, _i, u.confidence, m.scale_lower,
        m.scale_upper) AS _e, m.scale_upper - m.scale_lower AS _scale
    FROM spreads AS p JOIN ref.measure AS m ON m.measure = measure CROSS JOIN ref.survey AS u
)
SELECT measure AS measure, * EXCLUDE (_s, _r, _v, _d, _i, _e, _scale), _r AS estimate,
    sqrt(_v) AS standard_error, _d AS df, _e['lower'] AS ci_lower,
    _e['upper'] AS ci_upper, _i AS interval_method, _s['n'] AS unweighted_base,
    _s['x'] AS weighted_base, estimate._kish(_s) AS effective_base,
    estimate._marker(_s, _d, (_e['upper'] - _e['lower']) / _scale) AS marker,
    CASE WHEN _v IS NULL THEN 'replicate weights: none where a replicate lacks the group'
        ELSE 'replicate weights' END AS method
FROM ended
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;
