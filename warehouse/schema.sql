-- The warehouse's contract, open half: published.duckdb is made of this file alone,
-- warehouse.duckdb of this one and schema_restricted.sql. A share is stored from 0 to 1, a mean on
-- its measure's scale.
-- A withheld value is NULL and has a reason; 0 means zero.

CREATE SCHEMA ref;
CREATE SCHEMA estimate;
CREATE SCHEMA kpi;
CREATE SCHEMA record;
CREATE SCHEMA quality;

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
    minimum_df INTEGER,
    maximum_width DOUBLE,
    interval_method VARCHAR,
    pooling VARCHAR CHECK (pooling IN ('equal', 'population')),
    fewest_waves INTEGER,
    lonely_psu VARCHAR CHECK (lonely_psu IN ('fail', 'centre', 'certainty', 'average')),
    method_note VARCHAR,
    sources VARCHAR[],
    address VARCHAR,
    contact VARCHAR,
    lacking VARCHAR
);
COMMENT ON TABLE ref.survey IS 'The survey; one row';
COMMENT ON COLUMN ref.survey.survey IS 'Its name';
COMMENT ON COLUMN ref.survey.title IS 'Its title';
COMMENT ON COLUMN ref.survey.run_by IS 'Who runs it';
COMMENT ON COLUMN ref.survey.fieldwork_by IS 'Who interviews';
COMMENT ON COLUMN ref.survey.covers IS 'The population the estimates speak of';
COMMENT ON COLUMN ref.survey.whole IS 'What the whole population is called, such as the force''s name';
COMMENT ON COLUMN ref.survey.simulated IS 'true: no figure is about real people';
COMMENT ON COLUMN ref.survey.illustrative IS 'What is illustrative about questionnaire and KPIs, in a sentence; NULL where nothing is';
COMMENT ON COLUMN ref.survey.survey_version IS 'SHA-256 of the declaration''s files';
COMMENT ON COLUMN ref.survey.confidence IS 'Level of every interval, such as 0.95';
COMMENT ON COLUMN ref.survey.significance_level IS 'Level of every two-sided test, such as 0.05';
COMMENT ON COLUMN ref.survey.minimum_count IS 'Fewer people than this who gave, or did not give, a counted answer: withheld';
COMMENT ON COLUMN ref.survey.minimum_base IS 'A smaller unweighted base: withheld';
COMMENT ON COLUMN ref.survey.minimum_df IS 'Fewer degrees of freedom: marked [u]';
COMMENT ON COLUMN ref.survey.maximum_width IS 'A wider interval is marked [u]; a share''s from 0 to 1, a mean''s as a share of its scale';
COMMENT ON COLUMN ref.survey.interval_method IS 'Interval of a share: korn_graubard, logit or wilson; none: figures published without';
COMMENT ON COLUMN ref.survey.pooling IS 'equal: each wave of a window counts alike; population: as its weights add up';
COMMENT ON COLUMN ref.survey.fewest_waves IS 'Waves that a rolling year must have';
COMMENT ON COLUMN ref.survey.lonely_psu IS 'What is done with a stratum of which one unit was drawn: fail, centre (about zero), certainty (nothing) or average';
COMMENT ON COLUMN ref.survey.method_note IS 'What a reader must know of the method, as declared';
COMMENT ON COLUMN ref.survey.sources IS 'Citations published with the figures';
COMMENT ON COLUMN ref.survey.address IS 'Where the public folder is served; NULL where that is not declared';
COMMENT ON COLUMN ref.survey.contact IS 'Whom readers may ask; NULL where that is not declared';
COMMENT ON COLUMN ref.survey.lacking IS 'What another office''s figures were published without, such as standard errors; NULL where figures are computed here';

CREATE TABLE ref.wave (
    wave VARCHAR PRIMARY KEY,
    wave_order INTEGER NOT NULL UNIQUE,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    cases_issued INTEGER CHECK (cases_issued > 0),
    cases_not_eligible INTEGER CHECK (cases_not_eligible BETWEEN 0 AND cases_issued),
    CHECK (period_start <= period_end)
);
COMMENT ON TABLE ref.wave IS 'A declared wave of fieldwork, past or to come';
COMMENT ON COLUMN ref.wave.wave IS 'Its name, such as 2026-Q2';
COMMENT ON COLUMN ref.wave.wave_order IS 'Place in time, from 1';
COMMENT ON COLUMN ref.wave.period_start IS 'First day of fieldwork';
COMMENT ON COLUMN ref.wave.period_end IS 'Last day of fieldwork';
COMMENT ON COLUMN ref.wave.cases_issued IS 'Addresses or people that the supplier tried to interview; NULL where that is not declared';
COMMENT ON COLUMN ref.wave.cases_not_eligible IS 'Those of them found not to belong to the population, such as empty homes';

CREATE TABLE ref.period (
    period VARCHAR PRIMARY KEY,
    period_order INTEGER NOT NULL UNIQUE,
    kind VARCHAR NOT NULL CHECK (kind IN ('wave', 'rolling_year', 'baseline')),
    wave VARCHAR NOT NULL,
    waves VARCHAR[] NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    label VARCHAR NOT NULL,
    CHECK (period_start <= period_end),
    CHECK ((kind = 'wave') = (len(waves) = 1))
);
COMMENT ON TABLE ref.period IS 'What a figure speaks of: a wave, a rolling year of four quarters, or the waves of a baseline';
COMMENT ON COLUMN ref.period.period IS 'Its name: the wave''s, or the first and the last, such as 2026-Q2/2027-Q1';
COMMENT ON COLUMN ref.period.period_order IS 'Place in time by its last wave, from 1; a wave before the rolling year that it ends';
COMMENT ON COLUMN ref.period.kind IS 'wave, rolling_year or baseline';
COMMENT ON COLUMN ref.period.wave IS 'Its last wave';
COMMENT ON COLUMN ref.period.waves IS 'Its waves in order of time; of a rolling year all four, held or not';
COMMENT ON COLUMN ref.period.period_start IS 'First day';
COMMENT ON COLUMN ref.period.period_end IS 'Last day';
COMMENT ON COLUMN ref.period.label IS 'Its name in words';

CREATE TABLE ref.item (
    item VARCHAR PRIMARY KEY,
    item_order INTEGER NOT NULL UNIQUE,
    label VARCHAR NOT NULL,
    question VARCHAR,
    type VARCHAR NOT NULL
);
COMMENT ON TABLE ref.item IS 'A question, or a column of the return that is not a question';
COMMENT ON COLUMN ref.item.item IS 'Its name';
COMMENT ON COLUMN ref.item.item_order IS 'Place in the questionnaire, from 1';
COMMENT ON COLUMN ref.item.label IS 'A short name for tables';
COMMENT ON COLUMN ref.item.question IS 'The wording as asked; NULL where it is not a question';
COMMENT ON COLUMN ref.item.type IS 'code, number, date or identifier';

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
COMMENT ON TABLE ref.code IS 'A code an item may have in a wave that asks it';
COMMENT ON COLUMN ref.code.wave IS 'The wave';
COMMENT ON COLUMN ref.code.item IS 'The item';
COMMENT ON COLUMN ref.code.code IS 'The code as the supplier sends it, as text';
COMMENT ON COLUMN ref.code.variable IS 'The item''s variable in the wave''s return';
COMMENT ON COLUMN ref.code.name IS 'The answer''s name in declarations; NULL where the code is no valid answer';
COMMENT ON COLUMN ref.code.label IS 'The answer as published';
COMMENT ON COLUMN ref.code.missing_reason IS 'Why the code is no valid answer, such as dont_know; NULL where it is one';

CREATE TABLE ref.measure (
    measure VARCHAR PRIMARY KEY,
    measure_order INTEGER NOT NULL UNIQUE,
    label VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    counts VARCHAR[] NOT NULL,
    scores MAP(VARCHAR, DOUBLE),
    scale_lower DOUBLE NOT NULL,
    scale_upper DOUBLE NOT NULL,
    unit VARCHAR,
    leaves_base VARCHAR[] NOT NULL,
    base_of VARCHAR,
    base_label VARCHAR NOT NULL,
    domains VARCHAR[] NOT NULL,
    breaks VARCHAR[] NOT NULL,
    CHECK (kind IN ('proportion', 'mean')),
    CHECK ((unit IS NULL) = (kind = 'proportion')),
    CHECK (scale_lower < scale_upper),
    CHECK (kind = 'mean' OR (scale_lower = 0 AND scale_upper = 1 AND len(counts) > 0
        AND scores IS NULL)),
    CHECK (kind = 'proportion' OR (len(counts) = 0 AND base_of IS NULL))
);
COMMENT ON TABLE ref.measure IS 'A declared quantity: the share whose answer counts, or the mean score, of those in the base';
COMMENT ON COLUMN ref.measure.measure IS 'Its name';
COMMENT ON COLUMN ref.measure.measure_order IS 'Place in the declaration, from 1';
COMMENT ON COLUMN ref.measure.label IS 'Its label';
COMMENT ON COLUMN ref.measure.kind IS 'proportion: estimates are shares; mean: they are mean scores';
COMMENT ON COLUMN ref.measure.item IS 'The item it is taken from';
COMMENT ON COLUMN ref.measure.counts IS 'Names of the answers that count; empty for a mean';
COMMENT ON COLUMN ref.measure.scores IS 'Score of each answer, by its name; NULL for a proportion, and for the mean of an item that is a number';
COMMENT ON COLUMN ref.measure.scale_lower IS 'Lowest value an estimate can have; 0 for a proportion';
COMMENT ON COLUMN ref.measure.scale_upper IS 'Highest value an estimate can have; 1 for a proportion';
COMMENT ON COLUMN ref.measure.unit IS 'What a mean is counted in, such as points on a scale from 0 to 10; NULL for a proportion, which is published in per cent';
COMMENT ON COLUMN ref.measure.leaves_base IS 'Missing reasons that take a respondent out of the base; others stay in and do not count';
COMMENT ON COLUMN ref.measure.base_of IS 'The measure whose base is taken over: who does not count there does not count here; NULL where the base is the measure''s own';
COMMENT ON COLUMN ref.measure.base_label IS 'Who is in the base';
COMMENT ON COLUMN ref.measure.domains IS 'Domains it is broken down by, besides the whole population';
COMMENT ON COLUMN ref.measure.breaks IS 'Waves from which on its figures are not comparable with those before';

CREATE TABLE ref.chain (
    chain VARCHAR NOT NULL,
    chain_order INTEGER NOT NULL,
    chain_label VARCHAR NOT NULL,
    step INTEGER NOT NULL CHECK (step > 0),
    step_label VARCHAR NOT NULL,
    share_of_all VARCHAR NOT NULL,
    share_of_previous VARCHAR,
    PRIMARY KEY (chain, step),
    UNIQUE (chain_order, step),
    CHECK ((share_of_previous IS NULL) = (step = 1))
);
COMMENT ON TABLE ref.chain IS 'A step of a chain of questions, each put to those whose answer before counted';
COMMENT ON COLUMN ref.chain.chain IS 'The chain';
COMMENT ON COLUMN ref.chain.chain_order IS 'Place of the chain in the declaration, from 1';
COMMENT ON COLUMN ref.chain.chain_label IS 'Label of the chain';
COMMENT ON COLUMN ref.chain.step IS 'Place of the step in the chain, from 1';
COMMENT ON COLUMN ref.chain.step_label IS 'What was reached at the step';
COMMENT ON COLUMN ref.chain.share_of_all IS 'The measure of the share that reached the step, of the first step''s base';
COMMENT ON COLUMN ref.chain.share_of_previous IS 'The measure of the share that reached the step, of those who reached the one before; NULL for the first';

CREATE TABLE ref.domain (
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    domain_order INTEGER NOT NULL,
    value_order INTEGER NOT NULL,
    domain_label VARCHAR NOT NULL,
    value_label VARCHAR NOT NULL,
    area_code VARCHAR,
    PRIMARY KEY (domain, domain_value),
    UNIQUE (domain_order, value_order)
);
COMMENT ON TABLE ref.domain IS 'A value of a classification of respondents';
COMMENT ON COLUMN ref.domain.domain IS 'The classification; all: none, the whole population';
COMMENT ON COLUMN ref.domain.domain_value IS 'Its value; all: the whole population';
COMMENT ON COLUMN ref.domain.domain_order IS 'Place of the classification in the declaration; 0: the whole population';
COMMENT ON COLUMN ref.domain.value_order IS 'Place of the value within it, from 1';
COMMENT ON COLUMN ref.domain.domain_label IS 'Label of the classification';
COMMENT ON COLUMN ref.domain.value_label IS 'Label of the value';
COMMENT ON COLUMN ref.domain.area_code IS 'ONS geography code; NULL where the value is not an area';

CREATE TABLE ref.margin (
    margin VARCHAR NOT NULL,
    from_wave VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    variables VARCHAR[] NOT NULL,
    population DOUBLE NOT NULL CHECK (population > 0),
    source VARCHAR NOT NULL,
    reference_date DATE NOT NULL,
    PRIMARY KEY (margin, from_wave, category)
);
COMMENT ON TABLE ref.margin IS 'A control total: one category of a margin that weights are calibrated to';
COMMENT ON COLUMN ref.margin.margin IS 'The margin';
COMMENT ON COLUMN ref.margin.from_wave IS 'The first wave that is calibrated to this edition of the margin''s figures';
COMMENT ON COLUMN ref.margin.category IS 'The category''s value of each variable, joined by " × "';
COMMENT ON COLUMN ref.margin.variables IS 'The domains the margin crosses';
COMMENT ON COLUMN ref.margin.population IS 'People in the category';
COMMENT ON COLUMN ref.margin.source IS 'Where the figure is from';
COMMENT ON COLUMN ref.margin.reference_date IS 'The day it speaks of';

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
    judged_by MAP(VARCHAR, VARCHAR) NOT NULL,
    family VARCHAR NOT NULL,
    baseline VARCHAR,
    owner VARCHAR NOT NULL
);
COMMENT ON TABLE ref.kpi IS 'A KPI as the Plan promises it: a required direction, never a target';
COMMENT ON COLUMN ref.kpi.kpi IS 'Its name';
COMMENT ON COLUMN ref.kpi.kpi_order IS 'Place in the declaration, from 1';
COMMENT ON COLUMN ref.kpi.section IS 'Name of its section of the Plan';
COMMENT ON COLUMN ref.kpi.section_order IS 'Place of the section in the Plan, from 1';
COMMENT ON COLUMN ref.kpi.section_title IS 'Title of the section';
COMMENT ON COLUMN ref.kpi.title IS 'The KPI in a few words';
COMMENT ON COLUMN ref.kpi.statement IS 'The KPI in the Plan''s words';
COMMENT ON COLUMN ref.kpi.measure IS 'The measure it is judged by';
COMMENT ON COLUMN ref.kpi.required_direction IS 'increase or decrease';
COMMENT ON COLUMN ref.kpi.judged IS 'The one comparison of the whole population that carries a verdict';
COMMENT ON COLUMN ref.kpi.judged_by IS 'Domains whose values are judged too, each with its comparison';
COMMENT ON COLUMN ref.kpi.family IS 'The family of tests that the whole population''s is adjusted together with';
COMMENT ON COLUMN ref.kpi.baseline IS 'The declared baseline: its period, or what an outside figure is called; NULL: the first complete rolling year since the last break';
COMMENT ON COLUMN ref.kpi.owner IS 'Who answers for it';

CREATE TABLE record.series (
    series VARCHAR PRIMARY KEY,
    series_order INTEGER NOT NULL UNIQUE,
    title VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('recorded', 'operational')),
    quantity VARCHAR NOT NULL CHECK (quantity IN ('count', 'rate', 'duration')),
    unit VARCHAR NOT NULL,
    every VARCHAR NOT NULL CHECK (every IN ('month', 'quarter', 'year')),
    kpis VARCHAR[] NOT NULL,
    supplied_by VARCHAR NOT NULL,
    supplied BOOLEAN NOT NULL,
    simulated BOOLEAN NOT NULL,
    source VARCHAR,
    licence VARCHAR,
    note VARCHAR,
    CHECK (NOT supplied OR (source IS NOT NULL AND licence IS NOT NULL))
);
COMMENT ON TABLE record.series IS 'A series that stands beside KPIs and is no survey estimate';
COMMENT ON COLUMN record.series.series IS 'Its name';
COMMENT ON COLUMN record.series.series_order IS 'Place in the declaration, from 1';
COMMENT ON COLUMN record.series.title IS 'Its title';
COMMENT ON COLUMN record.series.kind IS 'recorded: recorded by the police; operational: logged by the service itself';
COMMENT ON COLUMN record.series.quantity IS 'count: yearly counts are compared; rate or duration: shown only';
COMMENT ON COLUMN record.series.unit IS 'What is counted or measured';
COMMENT ON COLUMN record.series.every IS 'The period of a figure as supplied: month, quarter or year';
COMMENT ON COLUMN record.series.kpis IS 'The KPIs it stands beside; no status rests on it';
COMMENT ON COLUMN record.series.supplied_by IS 'Who supplies the figures, or should';
COMMENT ON COLUMN record.series.supplied IS 'false: no figures have been supplied';
COMMENT ON COLUMN record.series.simulated IS 'true: the figures are invented; the survey''s own are said in ref.survey';
COMMENT ON COLUMN record.series.source IS 'The citation';
COMMENT ON COLUMN record.series.licence IS 'On what terms the figures are used';
COMMENT ON COLUMN record.series.note IS 'What a reader must know';

CREATE TABLE record.break (
    series VARCHAR NOT NULL,
    since VARCHAR NOT NULL,
    until VARCHAR,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (series, since)
);
COMMENT ON TABLE record.break IS 'Periods of a series whose figures are not comparable with the others';
COMMENT ON COLUMN record.break.series IS 'The series';
COMMENT ON COLUMN record.break.since IS 'The first such period';
COMMENT ON COLUMN record.break.until IS 'The last; NULL: to the end, and comparable with each other from there on';
COMMENT ON COLUMN record.break.reason IS 'Why';

CREATE TABLE record.figure (
    series VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    area_order INTEGER NOT NULL,
    area_label VARCHAR NOT NULL,
    area_code VARCHAR,
    period VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('single', 'year')),
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    label VARCHAR NOT NULL,
    value DOUBLE NOT NULL CHECK (value >= 0),
    marker VARCHAR,
    break_reason VARCHAR,
    PRIMARY KEY (series, area, period),
    CHECK (period_start <= period_end),
    CHECK (coalesce(contains(marker, '[b]'), false) = (break_reason IS NOT NULL))
);
COMMENT ON TABLE record.figure IS 'A figure of a series in a period and area, as supplied; of counts each whole year too';
COMMENT ON COLUMN record.figure.series IS 'The series';
COMMENT ON COLUMN record.figure.area IS 'all: the whole; else what its file has, an ONS code or a declared name';
COMMENT ON COLUMN record.figure.area_order IS 'Place of the area in the file; 0: the whole';
COMMENT ON COLUMN record.figure.area_label IS 'Its name in words';
COMMENT ON COLUMN record.figure.area_code IS 'ONS geography code; NULL where there is none';
COMMENT ON COLUMN record.figure.period IS 'The month, quarter or calendar year; of a year made of them the first and the last';
COMMENT ON COLUMN record.figure.kind IS 'single: a month or quarter; year: twelve months, four quarters, or a year as supplied';
COMMENT ON COLUMN record.figure.period_start IS 'First day';
COMMENT ON COLUMN record.figure.period_end IS 'Last day';
COMMENT ON COLUMN record.figure.label IS 'The period in words';
COMMENT ON COLUMN record.figure.value IS 'The figure, in the unit of the series; of a year the sum';
COMMENT ON COLUMN record.figure.marker IS '[b]: not comparable with others; [r]: revised since it was first published; NULL where neither';
COMMENT ON COLUMN record.figure.break_reason IS 'Why it is not comparable; NULL where it is';

CREATE TABLE record.change (
    series VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    compared_with VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    value_before DOUBLE,
    ratio DOUBLE CHECK (ratio > 0),
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    dispersion DOUBLE CHECK (dispersion >= 0),
    earlier_changes INTEGER,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    adjusted_p DOUBLE CHECK (adjusted_p BETWEEN 0 AND 1),
    family_size INTEGER CHECK (family_size > 0),
    verdict VARCHAR CHECK (verdict IN ('increase', 'decrease', 'no significant change')),
    no_verdict_reason VARCHAR,
    marker VARCHAR,
    PRIMARY KEY (series, area, period),
    CHECK ((ratio IS NULL) = (verdict IS NULL)),
    CHECK ((verdict IS NULL) = (no_verdict_reason IS NOT NULL)),
    CHECK (ratio IS NOT NULL OR (ci_lower IS NULL AND ci_upper IS NULL AND p_value IS NULL
        AND adjusted_p IS NULL AND dispersion IS NULL)),
    CHECK (ratio IS NULL OR (ci_lower <= ratio AND ratio <= ci_upper AND p_value IS NOT NULL
        AND value_before IS NOT NULL AND adjusted_p >= p_value)),
    CHECK (verdict NOT IN ('increase', 'decrease') OR (verdict = 'increase') = (ratio > 1))
);
COMMENT ON TABLE record.change IS 'A whole year of counts beside the year before, tested as counts are; no KPI''s status rests on it';
COMMENT ON COLUMN record.change.series IS 'The series';
COMMENT ON COLUMN record.change.area IS 'The area, as in record.figure';
COMMENT ON COLUMN record.change.period IS 'The year';
COMMENT ON COLUMN record.change.compared_with IS 'The year before, without a shared part';
COMMENT ON COLUMN record.change.value IS 'Count of the year';
COMMENT ON COLUMN record.change.value_before IS 'Count of the year before; NULL where a part of it is missing';
COMMENT ON COLUMN record.change.ratio IS 'Later over earlier count; NULL where they are not compared';
COMMENT ON COLUMN record.change.ci_lower IS 'Lower end of the ratio''s interval, not adjusted for other tests';
COMMENT ON COLUMN record.change.ci_upper IS 'Upper end of the ratio''s interval, not adjusted for other tests';
COMMENT ON COLUMN record.change.dispersion IS 'Mean squared change between earlier years, relative to Poisson counts, which have 1';
COMMENT ON COLUMN record.change.earlier_changes IS 'How many changes between earlier years it is the mean of';
COMMENT ON COLUMN record.change.p_value IS 'Two-sided p of no change, not adjusted for other tests';
COMMENT ON COLUMN record.change.adjusted_p IS 'p adjusted for the areas tested together (Holm): the verdict is taken from it';
COMMENT ON COLUMN record.change.family_size IS 'How many they are';
COMMENT ON COLUMN record.change.verdict IS 'increase, decrease or no significant change of what was recorded; NULL where none is given';
COMMENT ON COLUMN record.change.no_verdict_reason IS 'Why there is no verdict; NULL where there is one';
COMMENT ON COLUMN record.change.marker IS '[b]: break in the series';

-- Filled in a release's own copy of the published database; empty in a build.
CREATE TABLE record.revision (
    release INTEGER NOT NULL,
    series VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    before DOUBLE NOT NULL,
    after DOUBLE,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (release, series, area, period)
);
COMMENT ON TABLE record.revision IS 'A published figure of a series that a release changed';
COMMENT ON COLUMN record.revision.release IS 'The release that changed it';
COMMENT ON COLUMN record.revision.series IS 'The series';
COMMENT ON COLUMN record.revision.area IS 'The area, as in record.figure';
COMMENT ON COLUMN record.revision.period IS 'The period';
COMMENT ON COLUMN record.revision.before IS 'The figure published before';
COMMENT ON COLUMN record.revision.after IS 'The figure now; NULL where it is no longer published';
COMMENT ON COLUMN record.revision.reason IS 'Why it changed';

CREATE TABLE quality.wave (
    wave VARCHAR PRIMARY KEY,
    interviews INTEGER NOT NULL CHECK (interviews > 0),
    left_out INTEGER NOT NULL CHECK (left_out >= 0),
    findings INTEGER NOT NULL CHECK (findings >= 0),
    not_accepted INTEGER NOT NULL CHECK (not_accepted BETWEEN 0 AND findings)
);
COMMENT ON TABLE quality.wave IS 'What a wave''s figures rest on, and what the checks of its returns found';
COMMENT ON COLUMN quality.wave.wave IS 'The wave';
COMMENT ON COLUMN quality.wave.interviews IS 'Interviews that are weighted';
COMMENT ON COLUMN quality.wave.left_out IS 'Interviews left out for want of a value that weighting needs';
COMMENT ON COLUMN quality.wave.findings IS 'Rules that found something on the returns in use';
COMMENT ON COLUMN quality.wave.not_accepted IS 'Those that nobody has accepted yet; none in a release';

CREATE TABLE quality.accepted (
    wave VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    accepted_by VARCHAR,
    reason VARCHAR,
    PRIMARY KEY (wave, rule)
);
COMMENT ON TABLE quality.accepted IS 'A finding of a check that was accepted: the wave''s figures stand with it';
COMMENT ON COLUMN quality.accepted.wave IS 'The wave';
COMMENT ON COLUMN quality.accepted.rule IS 'The rule that found it';
COMMENT ON COLUMN quality.accepted.accepted_by IS 'Who accepted it, where the declaration says so; NULL: by a person on record';
COMMENT ON COLUMN quality.accepted.reason IS 'Why it may stand, where the declaration says so; NULL: the reason is on record';

CREATE TABLE estimate.estimate (
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    estimate DOUBLE,
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
    CHECK (interval_method = 't' OR estimate BETWEEN 0 AND 1),
    CHECK (interval_method = 't' OR (ci_lower >= 0 AND ci_upper <= 1)),
    CHECK ((estimate IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (estimate IS NOT NULL OR (standard_error IS NULL AND ci_lower IS NULL
        AND ci_upper IS NULL AND weighted_base IS NULL AND effective_base IS NULL
        AND df IS NULL AND deff_design IS NULL AND deff_kish IS NULL)),
    CHECK (estimate IS NULL OR interval_method = 'none'
        OR (standard_error IS NOT NULL AND unweighted_base IS NOT NULL)),
    CHECK (interval_method <> 'none' OR (standard_error IS NULL AND ci_lower IS NULL
        AND df IS NULL AND (estimate IS NULL OR contains(marker, '[i]')))),
    CHECK ((ci_lower IS NULL) = (ci_upper IS NULL)),
    CHECK (ci_lower IS NULL OR (ci_lower <= estimate AND estimate <= ci_upper))
);
COMMENT ON TABLE estimate.estimate IS 'A measure''s estimate in a period and domain value';
COMMENT ON COLUMN estimate.estimate.period IS 'The period it speaks of, as in ref.period: a wave, a rolling year or a baseline';
COMMENT ON COLUMN estimate.estimate.measure IS 'The measure';
COMMENT ON COLUMN estimate.estimate.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN estimate.estimate.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN estimate.estimate.estimate IS 'The share, 0 to 1, or the mean, on the scale of ref.measure; NULL where it is withheld';
COMMENT ON COLUMN estimate.estimate.standard_error IS 'Design-based standard error, on the estimate''s scale';
COMMENT ON COLUMN estimate.estimate.ci_lower IS 'Lower end of the interval; NULL where the sample gives none';
COMMENT ON COLUMN estimate.estimate.ci_upper IS 'Upper end of the interval; NULL where the sample gives none';
COMMENT ON COLUMN estimate.estimate.unweighted_base IS 'Respondents in the base; NULL where the number itself is withheld';
COMMENT ON COLUMN estimate.estimate.weighted_base IS 'People the base stands for: the sum of weights';
COMMENT ON COLUMN estimate.estimate.effective_base IS 'Kish''s effective base: the sum of weights squared over the sum of squared weights';
COMMENT ON COLUMN estimate.estimate.df IS 'Degrees of freedom of the variance';
COMMENT ON COLUMN estimate.estimate.deff_design IS 'Variance relative to a simple random sample of the unweighted base';
COMMENT ON COLUMN estimate.estimate.deff_kish IS 'Kish''s design effect of weighting: unweighted base / effective base';
COMMENT ON COLUMN estimate.estimate.interval_method IS 'korn_graubard, logit or wilson of a share; t of a mean; none: taken over as published, without';
COMMENT ON COLUMN estimate.estimate.marker IS 'Shorthand symbols, such as [u]: less reliable';
COMMENT ON COLUMN estimate.estimate.suppression_reason IS 'Why the estimate is withheld; NULL where it is not';

CREATE TABLE estimate.change (
    period VARCHAR NOT NULL,
    compared_with VARCHAR NOT NULL,
    comparison VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    unit VARCHAR,
    difference DOUBLE,
    standard_error DOUBLE CHECK (standard_error >= 0),
    df DOUBLE,
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    shared_waves INTEGER NOT NULL CHECK (shared_waves >= 0),
    role VARCHAR NOT NULL CHECK (role IN ('judged', 'contrast', 'shown')),
    family VARCHAR,
    family_size INTEGER CHECK (family_size > 0),
    adjustment VARCHAR CHECK (adjustment IN ('holm', 'benjamini_hochberg', 'none')),
    adjusted_p DOUBLE CHECK (adjusted_p BETWEEN 0 AND 1),
    detectable_change DOUBLE CHECK (detectable_change >= 0),
    verdict VARCHAR CHECK (verdict IN ('increase', 'decrease', 'no significant change', 'higher',
        'lower', 'no significant difference')),
    no_verdict_reason VARCHAR,
    marker VARCHAR,
    suppression_reason VARCHAR,
    PRIMARY KEY (period, comparison, measure, domain, domain_value),
    CHECK (period <> compared_with),
    CHECK (unit IS NOT NULL OR difference BETWEEN -1 AND 1),
    CHECK (unit IS NOT NULL OR (ci_lower >= -1 AND ci_upper <= 1)),
    CHECK ((difference IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (difference IS NOT NULL OR (standard_error IS NULL AND df IS NULL AND ci_lower IS NULL
        AND ci_upper IS NULL AND p_value IS NULL AND detectable_change IS NULL
        AND verdict IS NULL)),
    CHECK ((ci_lower IS NULL) = (ci_upper IS NULL)),
    CHECK (ci_lower IS NULL OR (ci_lower <= difference AND difference <= ci_upper)),
    CHECK ((role = 'shown') = (family IS NULL)),
    CHECK ((verdict IS NOT NULL) = (family IS NOT NULL AND p_value IS NOT NULL)),
    CHECK ((verdict IS NULL) = (adjusted_p IS NULL)),
    CHECK ((verdict IS NULL) = (family_size IS NULL)),
    CHECK ((verdict IS NULL) = (adjustment IS NULL)),
    CHECK (adjusted_p IS NULL OR adjusted_p >= p_value),
    CHECK (verdict IS NULL OR (role = 'contrast') = (verdict IN ('higher', 'lower',
        'no significant difference'))),
    CHECK (verdict IS NULL OR verdict NOT IN ('increase', 'decrease', 'higher', 'lower')
        OR (verdict IN ('increase', 'higher')) = (difference > 0))
);
COMMENT ON TABLE estimate.change IS 'A measure in a period and domain value compared with an earlier period, an outside figure, or the rest of the population';
COMMENT ON COLUMN estimate.change.period IS 'The later period, as in ref.period';
COMMENT ON COLUMN estimate.change.compared_with IS 'The earlier period; what an outside figure is called; or rest of force';
COMMENT ON COLUMN estimate.change.comparison IS 'previous_wave, same_quarter_year_before, previous_year (the rolling year before, without a shared quarter), baseline or rest_of_force';
COMMENT ON COLUMN estimate.change.measure IS 'The measure';
COMMENT ON COLUMN estimate.change.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN estimate.change.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN estimate.change.unit IS 'What a mean is counted in; NULL for a share';
COMMENT ON COLUMN estimate.change.difference IS 'Later − earlier share (−1 to 1) or mean, or the domain''s − the rest''s; NULL where it is withheld';
COMMENT ON COLUMN estimate.change.standard_error IS 'Standard error of the difference; waves that both periods share are taken into account';
COMMENT ON COLUMN estimate.change.df IS 'Degrees of freedom (Satterthwaite)';
COMMENT ON COLUMN estimate.change.ci_lower IS 'Lower end of the difference''s interval, not adjusted for other tests';
COMMENT ON COLUMN estimate.change.ci_upper IS 'Upper end of the difference''s interval, not adjusted for other tests';
COMMENT ON COLUMN estimate.change.p_value IS 'Two-sided p of no difference, not adjusted; NULL where there is no test';
COMMENT ON COLUMN estimate.change.shared_waves IS 'Waves that both periods are made of';
COMMENT ON COLUMN estimate.change.role IS 'judged: declared beforehand to carry a verdict on change; contrast: a domain value against the rest, with a verdict on the difference; shown: for information';
COMMENT ON COLUMN estimate.change.family IS 'The family of tests it is adjusted together with; NULL where it is shown only';
COMMENT ON COLUMN estimate.change.family_size IS 'Tests made in the family; NULL where this one was not';
COMMENT ON COLUMN estimate.change.adjustment IS 'How p is adjusted in the family: holm, benjamini_hochberg or none';
COMMENT ON COLUMN estimate.change.adjusted_p IS 'p adjusted for the family: the verdict is taken from it';
COMMENT ON COLUMN estimate.change.detectable_change IS 'True change that four surveys in five would find significant, at the level of the family''s strictest test';
COMMENT ON COLUMN estimate.change.verdict IS 'increase, decrease or no significant change; of a contrast higher, lower or no significant difference; NULL where none is given';
COMMENT ON COLUMN estimate.change.no_verdict_reason IS 'Why there can be no verdict; NULL where there could';
COMMENT ON COLUMN estimate.change.marker IS 'Shorthand symbols, such as [b]: break in series';
COMMENT ON COLUMN estimate.change.suppression_reason IS 'Why the difference is withheld; NULL where it is not';

CREATE TABLE estimate.distribution (
    period VARCHAR NOT NULL,
    compared_with VARCHAR NOT NULL,
    comparison VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    answers INTEGER NOT NULL CHECK (answers > 0),
    f DOUBLE CHECK (f >= 0),
    ndf DOUBLE,
    ddf DOUBLE,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    shared_waves INTEGER NOT NULL CHECK (shared_waves >= 0),
    no_test_reason VARCHAR,
    PRIMARY KEY (period, comparison, item),
    CHECK ((p_value IS NULL) = (no_test_reason IS NOT NULL)),
    CHECK ((p_value IS NULL) = (f IS NULL))
);
COMMENT ON TABLE estimate.distribution IS 'Whether all answers to an item are distributed alike in two periods, in the whole population: for information, no verdict rests on it';
COMMENT ON COLUMN estimate.distribution.period IS 'The later period, as in ref.period';
COMMENT ON COLUMN estimate.distribution.compared_with IS 'The earlier period';
COMMENT ON COLUMN estimate.distribution.comparison IS 'As in estimate.change; never rest_of_force';
COMMENT ON COLUMN estimate.distribution.item IS 'The item; respondents without a valid answer are left out';
COMMENT ON COLUMN estimate.distribution.answers IS 'Valid answers to choose from';
COMMENT ON COLUMN estimate.distribution.f IS 'Second-order Rao–Scott statistic; NULL where there is no test';
COMMENT ON COLUMN estimate.distribution.ndf IS 'Its numerator degrees of freedom';
COMMENT ON COLUMN estimate.distribution.ddf IS 'Its denominator degrees of freedom';
COMMENT ON COLUMN estimate.distribution.p_value IS 'p of no difference, not adjusted for other tests; NULL where there is no test';
COMMENT ON COLUMN estimate.distribution.shared_waves IS 'Waves that both periods are made of';
COMMENT ON COLUMN estimate.distribution.no_test_reason IS 'Why there is no test; NULL where there is one';

CREATE TABLE estimate.trend (
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    first_wave VARCHAR NOT NULL,
    last_wave VARCHAR NOT NULL,
    waves INTEGER NOT NULL CHECK (waves >= 6),
    seasonal BOOLEAN NOT NULL,
    slope DOUBLE,
    standard_error DOUBLE CHECK (standard_error >= 0),
    df DOUBLE,
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    no_test_reason VARCHAR,
    marker VARCHAR,
    suppression_reason VARCHAR,
    PRIMARY KEY (measure, domain, domain_value),
    CHECK ((slope IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (slope IS NOT NULL OR (standard_error IS NULL AND df IS NULL AND ci_lower IS NULL
        AND ci_upper IS NULL AND p_value IS NULL)),
    CHECK ((ci_lower IS NULL) = (ci_upper IS NULL)),
    CHECK (ci_lower IS NULL OR (ci_lower <= slope AND slope <= ci_upper))
);
COMMENT ON TABLE estimate.trend IS 'The slope of a measure over the single waves since its last break; six or more';
COMMENT ON COLUMN estimate.trend.measure IS 'The measure';
COMMENT ON COLUMN estimate.trend.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN estimate.trend.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN estimate.trend.first_wave IS 'The first wave it is taken over';
COMMENT ON COLUMN estimate.trend.last_wave IS 'The last wave it is taken over';
COMMENT ON COLUMN estimate.trend.waves IS 'How many waves it is taken over';
COMMENT ON COLUMN estimate.trend.seasonal IS 'true: effects of the quarter of the year are taken out';
COMMENT ON COLUMN estimate.trend.slope IS 'Change of the share per quarter of a year; NULL where it is withheld';
COMMENT ON COLUMN estimate.trend.standard_error IS 'Standard error of the slope';
COMMENT ON COLUMN estimate.trend.df IS 'Degrees of freedom (Satterthwaite)';
COMMENT ON COLUMN estimate.trend.ci_lower IS 'Lower end of the slope''s interval';
COMMENT ON COLUMN estimate.trend.ci_upper IS 'Upper end of the slope''s interval';
COMMENT ON COLUMN estimate.trend.p_value IS 'Two-sided p of no trend, not adjusted for other tests; NULL where there is no test';
COMMENT ON COLUMN estimate.trend.no_test_reason IS 'Why there is no test; NULL where there is one';
COMMENT ON COLUMN estimate.trend.marker IS 'Shorthand symbols, such as [c]: confidential';
COMMENT ON COLUMN estimate.trend.suppression_reason IS 'Why the slope is withheld; NULL where it is not';

CREATE TABLE kpi.kpi (
    kpi VARCHAR NOT NULL,
    wave VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    statement VARCHAR NOT NULL,
    required_direction VARCHAR NOT NULL CHECK (required_direction IN ('increase', 'decrease')),
    status VARCHAR NOT NULL CHECK (status IN
        ('improving', 'worsening', 'no significant change', 'not yet measurable')),
    evidence VARCHAR NOT NULL,
    measurable_from VARCHAR,
    measure VARCHAR NOT NULL,
    unit VARCHAR,
    estimate DOUBLE,
    standard_error DOUBLE CHECK (standard_error >= 0),
    ci_lower DOUBLE,
    ci_upper DOUBLE,
    unweighted_base INTEGER CHECK (unweighted_base >= 0),
    effective_base DOUBLE,
    marker VARCHAR,
    suppression_reason VARCHAR,
    comparison VARCHAR NOT NULL,
    compared_with VARCHAR,
    shared_waves INTEGER CHECK (shared_waves >= 0),
    difference DOUBLE,
    difference_standard_error DOUBLE CHECK (difference_standard_error >= 0),
    difference_df DOUBLE,
    difference_ci_lower DOUBLE,
    difference_ci_upper DOUBLE,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    adjusted_p DOUBLE CHECK (adjusted_p BETWEEN 0 AND 1),
    family VARCHAR,
    family_size INTEGER CHECK (family_size > 0),
    adjustment VARCHAR,
    detectable_change DOUBLE CHECK (detectable_change >= 0),
    simulated BOOLEAN NOT NULL,
    illustrative BOOLEAN NOT NULL,
    PRIMARY KEY (kpi, wave, domain, domain_value),
    CHECK (unit IS NOT NULL OR estimate BETWEEN 0 AND 1),
    CHECK (unit IS NOT NULL OR difference BETWEEN -1 AND 1),
    CHECK ((estimate IS NULL) = (suppression_reason IS NOT NULL)),
    CHECK (estimate IS NOT NULL OR (standard_error IS NULL AND ci_lower IS NULL
        AND ci_upper IS NULL AND effective_base IS NULL AND difference IS NULL)),
    CHECK (difference IS NOT NULL OR (difference_standard_error IS NULL
        AND difference_df IS NULL AND difference_ci_lower IS NULL AND difference_ci_upper IS NULL
        AND p_value IS NULL AND detectable_change IS NULL)),
    CHECK (difference IS NULL OR compared_with IS NOT NULL),
    CHECK (status = 'not yet measurable' OR adjusted_p IS NOT NULL),
    CHECK (status NOT IN ('improving', 'worsening')
        OR (status = 'improving') = ((difference > 0) = (required_direction = 'increase')))
);
COMMENT ON TABLE kpi.kpi IS 'A KPI at a wave''s release, for the whole population and each judged domain value: its status in words, with the evidence';
COMMENT ON COLUMN kpi.kpi.kpi IS 'The KPI';
COMMENT ON COLUMN kpi.kpi.wave IS 'The wave that the figures end with';
COMMENT ON COLUMN kpi.kpi.period IS 'The period its figure speaks of: the wave, or the rolling year that ends with it';
COMMENT ON COLUMN kpi.kpi.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN kpi.kpi.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN kpi.kpi.section IS 'Its section of the Plan';
COMMENT ON COLUMN kpi.kpi.title IS 'The KPI in a few words';
COMMENT ON COLUMN kpi.kpi.statement IS 'The KPI in the Plan''s words';
COMMENT ON COLUMN kpi.kpi.required_direction IS 'increase or decrease; the Plan sets no target';
COMMENT ON COLUMN kpi.kpi.status IS 'improving or worsening (significant, with or against the required direction), no significant change, or not yet measurable';
COMMENT ON COLUMN kpi.kpi.evidence IS 'What the status rests on, in a sentence';
COMMENT ON COLUMN kpi.kpi.measurable_from IS 'The first wave that can be judged, where this one cannot yet';
COMMENT ON COLUMN kpi.kpi.measure IS 'The measure it is judged by';
COMMENT ON COLUMN kpi.kpi.unit IS 'What a mean is counted in; NULL for a share';
COMMENT ON COLUMN kpi.kpi.estimate IS 'The share, 0 to 1, or the mean, on the scale of ref.measure; NULL where it is withheld';
COMMENT ON COLUMN kpi.kpi.standard_error IS 'Standard error of the estimate';
COMMENT ON COLUMN kpi.kpi.ci_lower IS 'Lower end of the estimate''s interval';
COMMENT ON COLUMN kpi.kpi.ci_upper IS 'Upper end of the estimate''s interval';
COMMENT ON COLUMN kpi.kpi.unweighted_base IS 'Respondents in the base; NULL where the number itself is withheld';
COMMENT ON COLUMN kpi.kpi.effective_base IS 'Kish''s effective base';
COMMENT ON COLUMN kpi.kpi.marker IS 'The estimate''s shorthand symbols';
COMMENT ON COLUMN kpi.kpi.suppression_reason IS 'Why the estimate is withheld; NULL where it is not';
COMMENT ON COLUMN kpi.kpi.comparison IS 'The comparison that is judged';
COMMENT ON COLUMN kpi.kpi.compared_with IS 'The earlier period, or what an outside figure is called; NULL where nothing was compared';
COMMENT ON COLUMN kpi.kpi.shared_waves IS 'Waves that both periods are made of';
COMMENT ON COLUMN kpi.kpi.difference IS 'Later − earlier share or mean; NULL where there is none or it is withheld';
COMMENT ON COLUMN kpi.kpi.difference_standard_error IS 'Standard error of the difference';
COMMENT ON COLUMN kpi.kpi.difference_df IS 'Degrees of freedom of the difference';
COMMENT ON COLUMN kpi.kpi.difference_ci_lower IS 'Lower end of the difference''s interval';
COMMENT ON COLUMN kpi.kpi.difference_ci_upper IS 'Upper end of the difference''s interval';
COMMENT ON COLUMN kpi.kpi.p_value IS 'Two-sided p of no change, not adjusted; NULL where there is no test';
COMMENT ON COLUMN kpi.kpi.adjusted_p IS 'p adjusted for its family: the status is taken from it';
COMMENT ON COLUMN kpi.kpi.family IS 'The family of tests';
COMMENT ON COLUMN kpi.kpi.family_size IS 'Tests made in the family';
COMMENT ON COLUMN kpi.kpi.adjustment IS 'holm, benjamini_hochberg or none';
COMMENT ON COLUMN kpi.kpi.detectable_change IS 'True change that four surveys in five would find significant';
COMMENT ON COLUMN kpi.kpi.simulated IS 'true: not about real people';
COMMENT ON COLUMN kpi.kpi.illustrative IS 'true: questionnaire or KPI are illustrative; ref.survey says how';

-- Filled in a release's own copy of the published database; empty in a build.
CREATE TABLE kpi.release (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    released_at TIMESTAMPTZ NOT NULL,
    released_on DATE NOT NULL,
    latest_wave VARCHAR NOT NULL,
    provisional VARCHAR[] NOT NULL,
    corrects INTEGER CHECK (corrects < number),
    note VARCHAR
);
COMMENT ON TABLE kpi.release IS 'A release: the newest row is the one this database belongs to; none in a draft';
COMMENT ON COLUMN kpi.release.number IS 'Its number, from 1';
COMMENT ON COLUMN kpi.release.released_at IS 'The moment before which it is under embargo';
COMMENT ON COLUMN kpi.release.released_on IS 'The day of that moment in Europe/London';
COMMENT ON COLUMN kpi.release.latest_wave IS 'The newest wave with a figure';
COMMENT ON COLUMN kpi.release.provisional IS 'Waves whose figures may still change: marked [p]';
COMMENT ON COLUMN kpi.release.corrects IS 'The release that it corrects; NULL where it corrects none';
COMMENT ON COLUMN kpi.release.note IS 'What the publisher says of it; NULL where nothing';

CREATE TABLE kpi.revision (
    release INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    before DOUBLE,
    after DOUBLE,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (release, period, measure, domain, domain_value)
);
COMMENT ON TABLE kpi.revision IS 'A published figure that a release changed: its value, interval, base or marker of withholding';
COMMENT ON COLUMN kpi.revision.release IS 'The release that changed it';
COMMENT ON COLUMN kpi.revision.period IS 'The period it speaks of';
COMMENT ON COLUMN kpi.revision.measure IS 'The measure';
COMMENT ON COLUMN kpi.revision.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN kpi.revision.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN kpi.revision.before IS 'The figure published before; NULL where it was withheld, or is withheld now';
COMMENT ON COLUMN kpi.revision.after IS 'The figure now; NULL where it is withheld or no longer published';
COMMENT ON COLUMN kpi.revision.reason IS 'Why it changed';
