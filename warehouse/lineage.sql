-- From a figure back to what it was made of: views of warehouse.duckdb only.

CREATE SCHEMA lineage;

-- As `waves_of_window` and `window_factors` of transforms: a test holds them together.
CREATE VIEW lineage.pooled_wave AS
WITH held AS (
    SELECT t.measure, t.wave, w.wave_order, any_value(t.control_total) AS control_total
    FROM estimate.total AS t JOIN ref.wave AS w ON w.wave = t.wave GROUP BY ALL
),
breaks AS (
    SELECT m.measure, w.wave_order FROM (SELECT measure, unnest(breaks) AS wave FROM ref.measure) AS m
    JOIN ref.wave AS w ON w.wave = m.wave
),
usable AS (
    SELECT h.measure, p.period, p.kind, len(p.waves) AS size, h.wave, h.control_total
    FROM ref.period AS p
    JOIN ref.wave AS z ON z.wave = p.wave
    JOIN held AS h ON list_contains(p.waves, h.wave)
    WHERE NOT EXISTS (FROM breaks AS b WHERE b.measure = h.measure
        AND b.wave_order > h.wave_order AND b.wave_order <= z.wave_order)
)
SELECT u.measure, u.period, u.wave, CASE WHEN s.pooling = 'population'
        OR count(*) OVER figure = 1 THEN 1.0
    ELSE avg(u.control_total) OVER figure / u.control_total END AS factor
FROM usable AS u CROSS JOIN ref.survey AS s
WINDOW figure AS (PARTITION BY u.measure, u.period)
QUALIFY count(*) OVER figure
    >= CASE WHEN u.kind = 'rolling_year' THEN s.fewest_waves ELSE u.size END;
COMMENT ON VIEW lineage.pooled_wave IS 'A wave in a measure''s figures of a period';
COMMENT ON COLUMN lineage.pooled_wave.measure IS 'The measure';
COMMENT ON COLUMN lineage.pooled_wave.period IS 'The period';
COMMENT ON COLUMN lineage.pooled_wave.wave IS 'A wave that its figures are made of';
COMMENT ON COLUMN lineage.pooled_wave.factor IS 'What the wave''s weights are multiplied by there';

CREATE VIEW lineage.part AS
SELECT w.period, t.measure, t.domain, t.domain_value, t.wave, w.factor, t.y, t.x, t.var_y, t.cov_yx,
    t.var_x, t.n, t.n_y, t.psus, t.strata, t.df, t.control_total
FROM lineage.pooled_wave AS w JOIN estimate.total AS t ON t.measure = w.measure AND t.wave = w.wave;
COMMENT ON VIEW lineage.part IS 'What a wave adds to a figure. The figure is sum(factor × y) / sum(factor × x); its variance (sum(factor² × var_y) − 2 × figure × sum(factor² × cov_yx) + figure² × sum(factor² × var_x)) / sum(factor × x)²';
COMMENT ON COLUMN lineage.part.period IS 'The figure''s period';
COMMENT ON COLUMN lineage.part.measure IS 'Its measure';
COMMENT ON COLUMN lineage.part.domain IS 'Its domain; all: the whole population';
COMMENT ON COLUMN lineage.part.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN lineage.part.wave IS 'The wave';
COMMENT ON COLUMN lineage.part.factor IS 'What the wave''s weights are multiplied by in the period';
COMMENT ON COLUMN lineage.part.y IS 'Weighted number whose answer counts; of a mean the weighted sum of scores';
COMMENT ON COLUMN lineage.part.x IS 'Weighted number in the base';
COMMENT ON COLUMN lineage.part.var_y IS 'Design-based variance of y';
COMMENT ON COLUMN lineage.part.cov_yx IS 'Design-based covariance of y and x';
COMMENT ON COLUMN lineage.part.var_x IS 'Design-based variance of x';
COMMENT ON COLUMN lineage.part.n IS 'Respondents in the base';
COMMENT ON COLUMN lineage.part.n_y IS 'Respondents in the base whose answer counts; NULL for a mean';
COMMENT ON COLUMN lineage.part.psus IS 'Primary sampling units with a respondent in the base';
COMMENT ON COLUMN lineage.part.strata IS 'Strata with one';
COMMENT ON COLUMN lineage.part.df IS 'Degrees of freedom: psus − strata';
COMMENT ON COLUMN lineage.part.control_total IS 'Population the wave is calibrated to';

CREATE VIEW lineage.figure AS
WITH summed AS (
    SELECT period, measure, domain, domain_value, count(*) AS waves,
        sum(factor * y) AS sum_y, sum(factor * x) AS sum_x,
        sum(factor ** 2 * var_y) AS sum_var_y, sum(factor ** 2 * cov_yx) AS sum_cov_yx,
        sum(factor ** 2 * var_x) AS sum_var_x, CAST(sum(n_y) AS BIGINT) AS n_y
    FROM lineage.part GROUP BY ALL
)
SELECT e.period, e.measure, e.domain, e.domain_value, e.estimate, e.standard_error, e.ci_lower,
    e.ci_upper, e.unweighted_base, e.effective_base, e.df, e.interval_method, e.marker,
    e.suppression_reason, d.rule AS withheld_by, s.waves, s.sum_y, s.sum_x, s.sum_var_y,
    s.sum_cov_yx, s.sum_var_x, s.n_y
FROM estimate.estimate AS e
LEFT JOIN summed AS s USING (period, measure, domain, domain_value)
LEFT JOIN ops.disclosure AS d USING (period, measure, domain, domain_value);
COMMENT ON VIEW lineage.figure IS 'A figure as published, with the sums it is formed from: lineage.part has them by wave';
COMMENT ON COLUMN lineage.figure.period IS 'The period';
COMMENT ON COLUMN lineage.figure.measure IS 'The measure';
COMMENT ON COLUMN lineage.figure.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN lineage.figure.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN lineage.figure.estimate IS 'The figure: sum_y / sum_x; NULL where it is withheld';
COMMENT ON COLUMN lineage.figure.standard_error IS 'Its standard error: the root of (sum_var_y − 2 × estimate × sum_cov_yx + estimate² × sum_var_x) / sum_x²';
COMMENT ON COLUMN lineage.figure.ci_lower IS 'Lower end of the interval';
COMMENT ON COLUMN lineage.figure.ci_upper IS 'Upper end of the interval';
COMMENT ON COLUMN lineage.figure.unweighted_base IS 'Respondents in the base, as published';
COMMENT ON COLUMN lineage.figure.effective_base IS 'Kish''s effective base';
COMMENT ON COLUMN lineage.figure.df IS 'Degrees of freedom';
COMMENT ON COLUMN lineage.figure.interval_method IS 'How the interval is formed';
COMMENT ON COLUMN lineage.figure.marker IS 'Shorthand symbols';
COMMENT ON COLUMN lineage.figure.suppression_reason IS 'Why it is withheld, as published';
COMMENT ON COLUMN lineage.figure.withheld_by IS 'The rule that withholds it, as in ops.disclosure; NULL where none does';
COMMENT ON COLUMN lineage.figure.waves IS 'Waves that it is made of';
COMMENT ON COLUMN lineage.figure.sum_y IS 'Sum over them of factor × y';
COMMENT ON COLUMN lineage.figure.sum_x IS 'Sum over them of factor × x';
COMMENT ON COLUMN lineage.figure.sum_var_y IS 'Sum over them of factor² × var_y';
COMMENT ON COLUMN lineage.figure.sum_cov_yx IS 'Sum over them of factor² × cov_yx';
COMMENT ON COLUMN lineage.figure.sum_var_x IS 'Sum over them of factor² × var_x';
COMMENT ON COLUMN lineage.figure.n_y IS 'Respondents whose answer counts; NULL for a mean';

CREATE VIEW lineage.source AS
SELECT v.wave, v.sample, v.sha256, d.file_name, d.received_at, d.row_count, v.survey_version,
    v.code_version, (SELECT count(*) FROM ops."check" AS c WHERE c.sha256 = v.sha256) AS rules,
    (SELECT count(*) FROM ops."check" AS c WHERE c.sha256 = v.sha256 AND c.passed) AS passed
FROM ops.wave_version AS v LEFT JOIN ops.delivery AS d ON d.sha256 = v.sha256;
COMMENT ON VIEW lineage.source IS 'A return that a wave''s figures are computed from, and by what';
COMMENT ON COLUMN lineage.source.wave IS 'The wave';
COMMENT ON COLUMN lineage.source.sample IS 'The sample: main, or the name of a boost';
COMMENT ON COLUMN lineage.source.sha256 IS 'SHA-256 of the file''s bytes; the archive has it under this name';
COMMENT ON COLUMN lineage.source.file_name IS 'The name under which it came';
COMMENT ON COLUMN lineage.source.received_at IS 'When it was taken in';
COMMENT ON COLUMN lineage.source.row_count IS 'Rows in the file';
COMMENT ON COLUMN lineage.source.survey_version IS 'SHA-256 of the declaration it was computed by';
COMMENT ON COLUMN lineage.source.code_version IS 'Version of the software that computed it';
COMMENT ON COLUMN lineage.source.rules IS 'Rules that it was checked by';
COMMENT ON COLUMN lineage.source.passed IS 'Of them, those that hold';

CREATE VIEW lineage.finding AS
SELECT d.wave, d.sample, d.file_name, c.sha256, c.rule, c.severity, c.variable, c.failing_rows,
    c.finding, coalesce(c.accepted, a.accepted_by || ': ' || a.reason) AS accepted
FROM ops."check" AS c JOIN ops.delivery AS d ON d.sha256 = c.sha256
LEFT JOIN ops.acceptance AS a ON a.rule = c.rule AND a.wave IN (d.wave, '*')
WHERE d.status = 'accepted' AND NOT c.passed
QUALIFY row_number() OVER (PARTITION BY c.sha256, c.rule ORDER BY a.wave = '*') = 1;
COMMENT ON VIEW lineage.finding IS 'What was found on a delivery in use, and who accepted it';
COMMENT ON COLUMN lineage.finding.wave IS 'The wave';
COMMENT ON COLUMN lineage.finding.sample IS 'The sample';
COMMENT ON COLUMN lineage.finding.file_name IS 'The delivery''s name';
COMMENT ON COLUMN lineage.finding.sha256 IS 'The delivery';
COMMENT ON COLUMN lineage.finding.rule IS 'The rule';
COMMENT ON COLUMN lineage.finding.severity IS 'Its severity';
COMMENT ON COLUMN lineage.finding.variable IS 'The return''s variable it speaks of; NULL where it is about the whole';
COMMENT ON COLUMN lineage.finding.failing_rows IS 'Rows that break the rule';
COMMENT ON COLUMN lineage.finding.finding IS 'What was found, in words';
COMMENT ON COLUMN lineage.finding.accepted IS 'Who accepted it, and why; NULL where nobody has';
