-- Table macros of both databases, and the functions that intervals and p values take.
-- A name that begins with _ is a part of another macro.

-- The incomplete beta function, which SQL lacks, by its continued fraction (DLMF 8.17.22), from the
-- last of its terms to the first. Right to about 1e-9, relatively; to 1e-13 below df 1,000.
-- (No initial value for list_reduce: DuckDB 1.5 then takes columns from the wrong row.)
CREATE MACRO estimate._fraction(x, a, b) AS list_reduce(
    list_concat([CAST(1 AS DOUBLE)], list_transform(
        range(12 + CAST(sqrt(greatest(a, b)) AS BIGINT), 0, -1), lambda m: CAST(m AS DOUBLE)
    )),
    lambda f, m: 1 - (a + m - 1) * (a + b + m - 1) * x / ((a + 2 * m - 2) * (a + 2 * m - 1))
        / (1 + m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) / f)
);

-- The logarithm of I_x(a, b), y being 1 − x; for x at most (a + 1)/(a + b + 2).
CREATE MACRO estimate._log_tail(x, y, a, b) AS
    a * ln(x) + b * ln(y) + lgamma(a + b) - lgamma(a) - lgamma(b) - ln(a)
    - ln(estimate._fraction(x, a, b));

-- ln(x/(1 − x)) with I_x(a, b) = q, for q below a half. Newton's steps on the logarithm of I, which
-- is concave in it, so that they come from anywhere to the one root.
CREATE MACRO estimate._logit_quantile(q, a, b) AS list_reduce(
    list_concat(
        [CAST(ln(least(a / b, (a + 1) / (b + 1))) AS DOUBLE)],
        list_transform(range(6), lambda step: CAST(0 AS DOUBLE))
    ),
    lambda u, step: list_transform(
        [CASE WHEN u < -700 THEN u ELSE -ln(1 + exp(-u)) END], lambda ln_x:
        list_transform([estimate._fraction(exp(ln_x), a, b)], lambda f:
            u - (a * ln_x + b * (ln_x - u) + lgamma(a + b) - lgamma(a) - lgamma(b)
                - ln(a) - ln(f) - ln(q)) / (a * f)
        )[1]
    )[1]
);

CREATE MACRO estimate.t_quantile(confidence, df) AS
    sqrt(df * exp(-estimate._logit_quantile(1 - confidence, df / 2, CAST(0.5 AS DOUBLE))));
CREATE MACRO estimate.two_sided_p(t, df) AS CASE
    WHEN t = 0 THEN 1.0
    WHEN df / (df + t * t) < (df + 2) / (df + 5)
        THEN exp(estimate._log_tail(df / (df + t * t), t * t / (df + t * t), df / 2, 0.5))
    ELSE 1 - exp(estimate._log_tail(t * t / (df + t * t), df / (df + t * t), 0.5, df / 2))
END;

-- Ends of the intervals of transforms.estimation.intervals, each a struct of lower and upper.
CREATE MACRO estimate._expit(u) AS CASE WHEN u < -700 THEN 0.0 ELSE 1 / (1 + exp(-u)) END;
-- The upper end of a share is what the lower end of its complement leaves.
CREATE MACRO estimate._korn_graubard(r, base, confidence) AS list_transform(
    [list_transform(
        [{'a': base * r, 'b': base * (1 - r) + 1}, {'a': base * (1 - r), 'b': base * r + 1}],
        lambda p: CASE WHEN p['a'] > 0 THEN estimate._expit(
            estimate._logit_quantile((1 - confidence) / 2, p['a'], p['b'])) ELSE 0.0 END)],
    lambda ends: {'lower': ends[1], 'upper': 1 - ends[2]}
)[1];
CREATE MACRO estimate._wilson(r, c) AS {
    'lower': CASE WHEN r > 0 THEN (r + c / 2 - sqrt(c * r * (1 - r) + c * c / 4)) / (1 + c)
        ELSE 0.0 END,
    'upper': CASE WHEN r < 1 THEN (r + c / 2 + sqrt(c * r * (1 - r) + c * c / 4)) / (1 + c)
        ELSE 1.0 END
};
CREATE MACRO estimate._logit(r, half) AS {
    'lower': estimate._expit(ln(r / (1 - r)) - half), 'upper': estimate._expit(ln(r / (1 - r)) + half)
};

-- The effective base n_e of methods.md: that of a simple random sample as informative, at most n.
CREATE MACRO estimate._interval_base(r, variance, n, kish, t_n, t_df) AS least(
    n, CASE WHEN r IN (0, 1) THEN kish ELSE r * (1 - r) / variance END * (t_n / t_df) ** 2
);

-- The interval of an estimate, a struct; NULL ends where the sample gives none.
CREATE MACRO estimate._ends(r, variance, n, kish, df, method, confidence, lowest, highest) AS
list_transform(
    [list_transform([greatest(df, 1.0), greatest(CAST(n - 1 AS DOUBLE), 1.0)],
        lambda d: estimate.t_quantile(confidence, d))],
    lambda t: CASE
        WHEN df >= 1 AND method = 't' AND variance > 0 THEN {
            'lower': greatest(r - t[1] * sqrt(variance), lowest),
            'upper': least(r + t[1] * sqrt(variance), highest)}
        WHEN df >= 1 AND method = 'logit' AND variance > 0 AND r > 0 AND r < 1
            THEN estimate._logit(r, t[1] * sqrt(variance) / (r * (1 - r)))
        WHEN df >= 1 AND method IN ('wilson', 'korn_graubard') AND n > 1
                AND (variance > 0 OR r IN (0, 1)) THEN list_transform(
            [estimate._interval_base(r, variance, n, kish, t[2], t[1])],
            lambda base: CASE WHEN method = 'wilson' THEN estimate._wilson(r, t[2] ** 2 / base)
                ELSE estimate._korn_graubard(r, base, confidence) END)[1]
        ELSE {'lower': CAST(NULL AS DOUBLE), 'upper': CAST(NULL AS DOUBLE)}
    END
)[1];

-- What is wrong with the names a question gives, or NULL.
CREATE MACRO estimate._unknown(what, names, known) AS (
    SELECT 'There is no ' || what || ': ' || coalesce('"' || min(n.one) || '"', 'NULL')
        || '. There are: '
        || coalesce(nullif(array_to_string(any_value(k.known), ', '), ''), 'none yet') || '.'
    FROM (SELECT coalesce(known, []) AS known) AS k, unnest(CAST(names AS VARCHAR[])) AS n(one)
    WHERE NOT coalesce(list_contains(k.known, n.one), false)
    HAVING count(*) > 0
);
CREATE MACRO estimate._empty(what, names) AS CASE WHEN len(CAST(names AS VARCHAR[])) = 0
    THEN 'The list of ' || what || ' is empty. Name one, or leave the list out.' END;
CREATE MACRO estimate._measures() AS
    (SELECT list(m.measure ORDER BY m.measure_order) FROM ref.measure AS m);
CREATE MACRO estimate._domains_of(measure_name) AS (
    SELECT list_concat(['all'], coalesce(any_value(m.domains), []))
    FROM ref.measure AS m WHERE m.measure = measure_name
);
CREATE MACRO estimate._published_periods() AS (
    SELECT list(p.period ORDER BY p.period_order) FROM ref.period AS p
    WHERE p.period IN (SELECT e.period FROM estimate.estimate AS e)
);
CREATE MACRO estimate._problem_published(measure, domain, periods) AS coalesce(
    estimate._unknown('measure', [measure], estimate._measures()),
    estimate._unknown('domain of ' || measure, [domain], estimate._domains_of(measure)),
    estimate._unknown('published period', periods, estimate._published_periods()),
    estimate._empty('periods', periods)
);

-- FROM estimate.published('live_chat_aware', domain := 'area', periods := ['2028-Q1'])
CREATE MACRO estimate.published(measure, domain := 'all', periods := NULL) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT estimate._problem_published(measure, domain, periods) AS problem
)
SELECT e.measure, e.period, d.value_label AS domain_value, e.estimate, e.standard_error, e.df,
    e.ci_lower, e.ci_upper, e.interval_method, e.unweighted_base, e.weighted_base, e.effective_base,
    e.deff_design, e.marker, e.suppression_reason,
    'as published: linearised, calibration taken into account' AS method
FROM estimate.estimate AS e
JOIN ref.period AS p ON p.period = e.period
JOIN ref.domain AS d ON d.domain = e.domain AND d.domain_value = e.domain_value
WHERE e.measure = measure AND e.domain = domain
    AND (CAST(periods AS VARCHAR[]) IS NULL OR list_contains(CAST(periods AS VARCHAR[]), e.period))
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;

-- FROM estimate.published_change('live_chat_aware', domain := 'area', comparison := 'previous_wave')
CREATE MACRO estimate._comparisons() AS
    (SELECT list(DISTINCT c.comparison ORDER BY c.comparison) FROM estimate.change AS c);
CREATE MACRO estimate.published_change(measure, domain := 'all', comparison := NULL) AS TABLE
WITH problem AS MATERIALIZED (
    SELECT coalesce(estimate._problem_published(measure, domain, NULL),
        estimate._unknown('comparison', list_filter([comparison], lambda c: c IS NOT NULL),
            estimate._comparisons())) AS problem
)
SELECT c.measure, c.period, c.compared_with, c.comparison, d.value_label AS domain_value,
    c.difference, c.standard_error, c.df, c.ci_lower, c.ci_upper, c.p_value, c.role, c.adjusted_p,
    c.verdict, c.no_verdict_reason, c.marker, c.suppression_reason,
    'as published: linearised, calibration taken into account' AS method
FROM estimate.change AS c
JOIN ref.domain AS d ON d.domain = c.domain AND d.domain_value = c.domain_value
WHERE c.measure = measure AND c.domain = domain
    AND (comparison IS NULL OR c.comparison = comparison)
UNION ALL BY NAME
SELECT CAST(error(problem) AS VARCHAR) AS measure FROM problem WHERE problem IS NOT NULL
ORDER BY ALL;
