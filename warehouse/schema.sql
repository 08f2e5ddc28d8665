-- The warehouse's contract. Every table and column says what it holds; the two databases share it.
-- Marked "restricted": only in warehouse.duckdb.

CREATE SCHEMA ops;
CREATE SCHEMA ref;
CREATE SCHEMA survey;
CREATE SCHEMA estimate;
CREATE SCHEMA kpi;

-- ops: restricted ---------------------------------------------------------------------------

CREATE TABLE ops.meta (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);

CREATE TABLE ops.delivery (
    sha256 VARCHAR PRIMARY KEY,
    file_name VARCHAR NOT NULL,
    wave VARCHAR,
    sample VARCHAR NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    row_count BIGINT,
    status VARCHAR NOT NULL CHECK (status IN ('accepted', 'superseded', 'rejected')),
    reason VARCHAR,
    CHECK (status = 'rejected' OR wave IS NOT NULL)
);

CREATE TABLE ops.run (
    run INTEGER PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    code_version VARCHAR NOT NULL,
    survey_version VARCHAR NOT NULL,
    inputs VARCHAR[] NOT NULL,
    waves_computed VARCHAR[] NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('done', 'nothing new', 'returns rejected'))
);

CREATE TABLE ops.check (
    sha256 VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('critical', 'warning')),
    variable VARCHAR,
    passed BOOLEAN NOT NULL,
    failing_rows BIGINT NOT NULL,
    finding VARCHAR,
    PRIMARY KEY (sha256, rule)
);

CREATE TABLE ops.wave_version (
    wave VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL,
    survey_version VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL
);

-- ref: the declaration as tables ------------------------------------------------------------

CREATE TABLE ref.survey (
    survey VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    run_by VARCHAR NOT NULL,
    fieldwork_by VARCHAR NOT NULL,
    covers VARCHAR NOT NULL,
    whole VARCHAR NOT NULL,
    simulated BOOLEAN NOT NULL,
    illustrative VARCHAR,
    survey_version VARCHAR NOT NULL,
    confidence DOUBLE,
    significance_level DOUBLE,
    minimum_count INTEGER,
    minimum_base INTEGER,
    sources VARCHAR[]
);

CREATE TABLE ref.wave (
    wave VARCHAR PRIMARY KEY,
    wave_order INTEGER NOT NULL UNIQUE,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL
);

CREATE TABLE ref.item (
    item VARCHAR PRIMARY KEY,
    item_order INTEGER NOT NULL UNIQUE,
    label VARCHAR NOT NULL,
    question VARCHAR,
    type VARCHAR NOT NULL
);

CREATE TABLE ref.code (
    wave VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    variable VARCHAR NOT NULL,
    name VARCHAR,
    label VARCHAR NOT NULL,
    missing_reason VARCHAR,
    PRIMARY KEY (wave, item, code),
    CHECK ((name IS NULL) = (missing_reason IS NOT NULL))
);

CREATE TABLE ref.measure (
    measure VARCHAR PRIMARY KEY,
    measure_order INTEGER NOT NULL UNIQUE,
    label VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    counts VARCHAR[] NOT NULL,
    leaves_base VARCHAR[] NOT NULL,
    base_label VARCHAR NOT NULL,
    domains VARCHAR[] NOT NULL
);

CREATE TABLE ref.domain (
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    domain_order INTEGER NOT NULL,
    value_order INTEGER NOT NULL,
    domain_label VARCHAR NOT NULL,
    value_label VARCHAR NOT NULL,
    area_code VARCHAR,
    PRIMARY KEY (domain, domain_value)
);

CREATE TABLE ref.margin (
    margin VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    variables VARCHAR[] NOT NULL,
    population DOUBLE NOT NULL CHECK (population > 0),
    source VARCHAR NOT NULL,
    reference_date DATE NOT NULL,
    PRIMARY KEY (margin, category)
);

CREATE TABLE ref.kpi (
    kpi VARCHAR PRIMARY KEY,
    kpi_order INTEGER NOT NULL UNIQUE,
    section VARCHAR NOT NULL,
    section_order INTEGER NOT NULL,
    section_title VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    statement VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    required_direction VARCHAR NOT NULL CHECK (required_direction IN ('increase', 'decrease')),
    judged VARCHAR NOT NULL,
    owner VARCHAR NOT NULL
);

-- survey: restricted ------------------------------------------------------------------------

CREATE TABLE survey.respondent (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    psu VARCHAR NOT NULL,
    interview_date DATE,
    domains MAP(VARCHAR, VARCHAR) NOT NULL,
    design_weight DOUBLE NOT NULL CHECK (design_weight > 0),
    calibration_weight DOUBLE NOT NULL CHECK (calibration_weight > 0),
    PRIMARY KEY (wave, respondent)
);

CREATE TABLE survey.answer (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    code VARCHAR,
    missing_reason VARCHAR,
    PRIMARY KEY (wave, respondent, item),
    CHECK (code IS NOT NULL OR missing_reason IS NOT NULL)
);

CREATE TABLE survey.indicator (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    y DOUBLE NOT NULL,
    x DOUBLE NOT NULL CHECK (x = 1),
    PRIMARY KEY (wave, respondent, measure)
);

CREATE TABLE survey.design (
    wave VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    psus INTEGER NOT NULL CHECK (psus > 0),
    respondents INTEGER NOT NULL CHECK (respondents > 0),
    PRIMARY KEY (wave, stratum)
);

CREATE TABLE survey.calibration (
    wave VARCHAR PRIMARY KEY,
    method VARCHAR NOT NULL,
    iterations INTEGER NOT NULL,
    largest_relative_gap DOUBLE NOT NULL,
    respondents INTEGER NOT NULL,
    left_out_rows INTEGER NOT NULL,
    effective_base DOUBLE NOT NULL,
    deff_kish DOUBLE NOT NULL,
    smallest_weight DOUBLE NOT NULL,
    largest_weight DOUBLE NOT NULL,
    weight_cv DOUBLE NOT NULL
);

CREATE TABLE survey.margin_check (
    wave VARCHAR NOT NULL,
    margin VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    respondents INTEGER NOT NULL,
    design_weighted DOUBLE NOT NULL,
    calibrated DOUBLE NOT NULL,
    control_total DOUBLE NOT NULL,
    PRIMARY KEY (wave, margin, category)
);

-- estimate ----------------------------------------------------------------------------------

-- restricted: withheld cells could be worked out from it
CREATE TABLE estimate.total (
    wave VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    y DOUBLE NOT NULL,
    x DOUBLE NOT NULL,
    var_y DOUBLE NOT NULL CHECK (var_y >= 0),
    var_x DOUBLE NOT NULL CHECK (var_x >= 0),
    cov_yx DOUBLE NOT NULL,
    sum_w2 DOUBLE NOT NULL CHECK (sum_w2 >= 0),
    n INTEGER NOT NULL CHECK (n >= 0),
    n_y INTEGER NOT NULL CHECK (n_y BETWEEN 0 AND n),
    psus INTEGER NOT NULL,
    strata INTEGER NOT NULL,
    df INTEGER NOT NULL,
    cov_y_force_y DOUBLE NOT NULL,
    cov_y_force_x DOUBLE NOT NULL,
    cov_x_force_y DOUBLE NOT NULL,
    cov_x_force_x DOUBLE NOT NULL,
    control_total DOUBLE,
    PRIMARY KEY (wave, measure, domain, domain_value)
);

CREATE TABLE estimate.estimate (
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    estimate DOUBLE CHECK (estimate BETWEEN 0 AND 1),
    standard_error DOUBLE CHECK (standard_error >= 0),
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    unweighted_base INTEGER CHECK (unweighted_base >= 0),
    weighted_base DOUBLE,
    effective_base DOUBLE,
    df DOUBLE,
    deff_design DOUBLE,
    deff_kish DOUBLE,
    interval_method VARCHAR NOT NULL,
    marker VARCHAR,
    suppression_reason VARCHAR,
    PRIMARY KEY (period, measure, domain, domain_value),
    CHECK ((estimate IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (estimate IS NOT NULL OR (standard_error IS NULL AND ci_lower IS NULL
        AND ci_upper IS NULL AND weighted_base IS NULL AND effective_base IS NULL)),
    CHECK (estimate IS NULL OR unweighted_base IS NOT NULL),
    CHECK (ci_lower IS NULL OR (ci_lower <= estimate AND estimate <= ci_upper))
);

CREATE TABLE estimate.change (
    period VARCHAR NOT NULL,
    compared_with VARCHAR NOT NULL,
    comparison VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    difference DOUBLE CHECK (difference BETWEEN -1 AND 1),
    standard_error DOUBLE CHECK (standard_error >= 0),
    df DOUBLE,
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    detectable_change DOUBLE CHECK (detectable_change >= 0),
    role VARCHAR NOT NULL CHECK (role IN ('judged', 'shown')),
    verdict VARCHAR CHECK (verdict IN ('increase', 'decrease', 'no significant change')),
    no_verdict_reason VARCHAR,
    marker VARCHAR,
    suppression_reason VARCHAR,
    PRIMARY KEY (period, comparison, measure, domain, domain_value),
    CHECK ((difference IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (difference IS NOT NULL OR (standard_error IS NULL AND p_value IS NULL)),
    CHECK (role = 'judged' OR verdict IS NULL)
);

-- kpi ---------------------------------------------------------------------------------------

CREATE TABLE kpi.kpi (
    kpi VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    statement VARCHAR NOT NULL,
    required_direction VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN
        ('improving', 'worsening', 'no significant change', 'not yet measurable')),
    evidence VARCHAR NOT NULL,
    measurable_from VARCHAR,
    measure VARCHAR NOT NULL,
    estimate DOUBLE,
    standard_error DOUBLE,
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    unweighted_base INTEGER,
    effective_base DOUBLE,
    marker VARCHAR,
    suppression_reason VARCHAR,
    comparison VARCHAR NOT NULL,
    compared_with VARCHAR,
    difference DOUBLE,
    difference_standard_error DOUBLE,
    difference_df DOUBLE,
    difference_ci_lower DOUBLE,
    difference_ci_upper DOUBLE,
    p_value DOUBLE,
    detectable_change DOUBLE,
    simulated BOOLEAN NOT NULL,
    illustrative BOOLEAN NOT NULL,
    PRIMARY KEY (kpi, period, domain, domain_value),
    CHECK ((estimate IS NULL) = (suppression_reason IS NOT NULL))
);
