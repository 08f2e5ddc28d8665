-- The restricted half of the warehouse: warehouse.duckdb only, after schema.sql.
-- What stands here never reaches published.duckdb.

CREATE SCHEMA ops;
CREATE SCHEMA survey;

CREATE TABLE ops.meta (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE ops.meta IS 'A fact about this database file';
COMMENT ON COLUMN ops.meta.key IS 'schema_version, schema_digest, survey or simulated';
COMMENT ON COLUMN ops.meta.value IS 'The fact, as text; simulated is true or false';

CREATE TABLE ops.delivery (
    sha256 VARCHAR PRIMARY KEY,
    file_name VARCHAR NOT NULL,
    wave VARCHAR,
    sample VARCHAR,
    received_at TIMESTAMPTZ NOT NULL,
    row_count BIGINT CHECK (row_count >= 0),
    status VARCHAR NOT NULL CHECK (status IN ('accepted', 'superseded', 'rejected')),
    reason VARCHAR,
    kept_sha256 VARCHAR,
    withdrawn INTEGER NOT NULL CHECK (withdrawn >= 0),
    CHECK ((kept_sha256 IS NULL) = (withdrawn = 0)),
    CHECK (status = 'rejected' OR (wave IS NOT NULL AND sample IS NOT NULL AND row_count IS NOT NULL)),
    CHECK (status <> 'rejected' OR reason IS NOT NULL)
);
COMMENT ON TABLE ops.delivery IS 'A file received, known by its content';
COMMENT ON COLUMN ops.delivery.sha256 IS 'SHA-256 of the file''s bytes, in hexadecimal';
COMMENT ON COLUMN ops.delivery.file_name IS 'The name under which it came; characters that cannot be printed are ?';
COMMENT ON COLUMN ops.delivery.wave IS 'The wave it holds; NULL where a rejected file does not tell';
COMMENT ON COLUMN ops.delivery.sample IS 'The sample it holds: main, or the name of a boost; NULL where a rejected file does not tell';
COMMENT ON COLUMN ops.delivery.received_at IS 'When it was taken in';
COMMENT ON COLUMN ops.delivery.row_count IS 'Rows in the file, without respondents who were withdrawn; NULL where a rejected file could not be read';
COMMENT ON COLUMN ops.delivery.status IS 'accepted (in use), superseded by a later delivery of its wave and sample, or rejected';
COMMENT ON COLUMN ops.delivery.reason IS 'Why it was rejected or superseded; NULL where it is in use';
COMMENT ON COLUMN ops.delivery.kept_sha256 IS 'SHA-256 of what the archive keeps in its place, where respondents were withdrawn from it; NULL where it is as received';
COMMENT ON COLUMN ops.delivery.withdrawn IS 'Rows of respondents who were withdrawn, and left out';

CREATE TABLE ops.run (
    run INTEGER PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    code_version VARCHAR NOT NULL,
    survey_version VARCHAR NOT NULL,
    inputs VARCHAR[] NOT NULL,
    waves_computed VARCHAR[] NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('done', 'nothing new', 'waiting', 'returns rejected')),
    CHECK (started_at <= ended_at)
);
COMMENT ON TABLE ops.run IS 'A run that completed a build';
COMMENT ON COLUMN ops.run.run IS 'Number, in the order of the runs, from 1';
COMMENT ON COLUMN ops.run.started_at IS 'When it started';
COMMENT ON COLUMN ops.run.ended_at IS 'When it wrote this row, last of all';
COMMENT ON COLUMN ops.run.code_version IS 'Version of this software';
COMMENT ON COLUMN ops.run.survey_version IS 'SHA-256 of the survey''s declaration';
COMMENT ON COLUMN ops.run.inputs IS 'SHA-256 of each file it was given';
COMMENT ON COLUMN ops.run.waves_computed IS 'The waves it weighted and estimated';
COMMENT ON COLUMN ops.run.outcome IS 'done; nothing new; waiting (returns were accepted, but their waves lack a required sample); or returns rejected (the others were still processed)';

CREATE TABLE ops.check (
    sha256 VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('critical', 'warning')),
    variable VARCHAR,
    passed BOOLEAN NOT NULL,
    failing_rows BIGINT NOT NULL CHECK (failing_rows >= 0),
    finding VARCHAR,
    accepted VARCHAR,
    of_wave BOOLEAN NOT NULL,
    PRIMARY KEY (sha256, rule)
);
COMMENT ON TABLE ops.check IS 'One rule''s result on one delivery; no respondent''s answer';
COMMENT ON COLUMN ops.check.sha256 IS 'The delivery';
COMMENT ON COLUMN ops.check.rule IS 'The rule, unique within the delivery';
COMMENT ON COLUMN ops.check.severity IS 'critical: failing rejects the delivery; warning: it does not';
COMMENT ON COLUMN ops.check.variable IS 'The return''s variable it speaks of; NULL where it is about the whole';
COMMENT ON COLUMN ops.check.passed IS 'true where the rule holds';
COMMENT ON COLUMN ops.check.failing_rows IS 'Rows that break the rule';
COMMENT ON COLUMN ops.check.finding IS 'What was found, in words; NULL where it passed';
COMMENT ON COLUMN ops.check.accepted IS 'Who accepted the finding before the delivery was taken in, and why; later acceptances are in ops.acceptance';
COMMENT ON COLUMN ops.check.of_wave IS 'true: about the wave''s figures; made again whenever these, or those of the wave before, change';

CREATE TABLE ops.acceptance (
    wave VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    accepted_by VARCHAR NOT NULL,
    accepted_at TIMESTAMPTZ,
    PRIMARY KEY (wave, rule)
);
COMMENT ON TABLE ops.acceptance IS 'A finding that a person has looked at and accepted';
COMMENT ON COLUMN ops.acceptance.wave IS 'The wave; * where it is accepted in every wave';
COMMENT ON COLUMN ops.acceptance.rule IS 'The rule, as in ops.check';
COMMENT ON COLUMN ops.acceptance.reason IS 'Why';
COMMENT ON COLUMN ops.acceptance.accepted_by IS 'Who';
COMMENT ON COLUMN ops.acceptance.accepted_at IS 'When, by perceptions accept; NULL where survey.yaml accepts it';

CREATE VIEW ops.open_finding AS
SELECT delivery.wave, "check".rule, "check".severity, "check".variable, "check".finding, delivery.file_name, sha256
FROM ops."check" JOIN ops.delivery USING (sha256)
WHERE delivery.status = 'accepted' AND NOT "check".passed AND "check".accepted IS NULL
    AND NOT EXISTS (
        FROM ops.acceptance
        WHERE acceptance.rule = "check".rule AND acceptance.wave IN (delivery.wave, '*')
    );
COMMENT ON VIEW ops.open_finding IS 'A finding on a delivery in use that nobody has accepted yet';
COMMENT ON COLUMN ops.open_finding.wave IS 'The wave';
COMMENT ON COLUMN ops.open_finding.rule IS 'The rule';
COMMENT ON COLUMN ops.open_finding.severity IS 'Its severity';
COMMENT ON COLUMN ops.open_finding.variable IS 'The return''s variable it speaks of; NULL where it is about the whole';
COMMENT ON COLUMN ops.open_finding.finding IS 'What was found, in words';
COMMENT ON COLUMN ops.open_finding.file_name IS 'The delivery''s name';
COMMENT ON COLUMN ops.open_finding.sha256 IS 'The delivery';

-- Restricted because it tells small counts from what is withheld to protect them.
CREATE TABLE ops.disclosure (
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    rule VARCHAR NOT NULL CHECK (rule IN ('small_count', 'gives_away', 'base')),
    base_withheld BOOLEAN NOT NULL,
    PRIMARY KEY (period, measure, domain, domain_value)
);
COMMENT ON TABLE ops.disclosure IS 'A figure that is withheld, and by which rule';
COMMENT ON COLUMN ops.disclosure.period IS 'The period, as in ref.period';
COMMENT ON COLUMN ops.disclosure.measure IS 'The measure';
COMMENT ON COLUMN ops.disclosure.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN ops.disclosure.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN ops.disclosure.rule IS 'small_count: too few people gave one of the answers; gives_away: with what else is published, of its own period or others, it would give a small count away; base: too few people answered for a reliable figure';
COMMENT ON COLUMN ops.disclosure.base_withheld IS 'true: the unweighted base is withheld too';

CREATE TABLE ops.shown (
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    PRIMARY KEY (period, measure, domain, domain_value)
);
COMMENT ON TABLE ops.shown IS 'A figure that this or an earlier build has published';
COMMENT ON COLUMN ops.shown.period IS 'The period, as in ref.period';
COMMENT ON COLUMN ops.shown.measure IS 'The measure';
COMMENT ON COLUMN ops.shown.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN ops.shown.domain_value IS 'The domain''s value; all: the whole population';

CREATE VIEW ops.shown_and_withheld AS
SELECT period, measure, domain, domain_value, rule, base_withheld
FROM ops.disclosure JOIN ops.shown USING (period, measure, domain, domain_value)
WHERE rule IN ('small_count', 'gives_away');
COMMENT ON VIEW ops.shown_and_withheld IS 'A figure that is confidential by now, after a corrected return or another rule, and that an earlier build published: withholding it does not take it back';
COMMENT ON COLUMN ops.shown_and_withheld.period IS 'The period, as in ref.period';
COMMENT ON COLUMN ops.shown_and_withheld.measure IS 'The measure';
COMMENT ON COLUMN ops.shown_and_withheld.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN ops.shown_and_withheld.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN ops.shown_and_withheld.rule IS 'As in ops.disclosure: small_count or gives_away';
COMMENT ON COLUMN ops.shown_and_withheld.base_withheld IS 'true: the unweighted base is withheld too';

CREATE TABLE ops.wave_version (
    wave VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    survey_version VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL,
    kept_sha256 VARCHAR,
    PRIMARY KEY (wave, sample)
);
COMMENT ON TABLE ops.wave_version IS 'What a wave''s stored figures were computed from, sample by sample; where any differs, the wave is computed again';
COMMENT ON COLUMN ops.wave_version.wave IS 'The wave';
COMMENT ON COLUMN ops.wave_version.sample IS 'The sample: main, or the name of a boost';
COMMENT ON COLUMN ops.wave_version.sha256 IS 'The sample''s delivery that it was computed from';
COMMENT ON COLUMN ops.wave_version.survey_version IS 'SHA-256 of the declaration it was computed by';
COMMENT ON COLUMN ops.wave_version.code_version IS 'Version of the software that computed it; another key: the key of the pseudonyms was changed since';
COMMENT ON COLUMN ops.wave_version.kept_sha256 IS 'SHA-256 of what the archive kept of the delivery when it was computed, where respondents were withdrawn from it; NULL where it was as received';

CREATE TABLE ops.revision (
    run INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    before DOUBLE,
    after DOUBLE,
    cause VARCHAR NOT NULL,
    PRIMARY KEY (run, period, measure, domain, domain_value)
);
COMMENT ON TABLE ops.revision IS 'A figure of the build before that a run changed, withheld or removed, whether it was released or not';
COMMENT ON COLUMN ops.revision.run IS 'The run, as in ops.run';
COMMENT ON COLUMN ops.revision.period IS 'The period';
COMMENT ON COLUMN ops.revision.measure IS 'The measure';
COMMENT ON COLUMN ops.revision.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN ops.revision.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN ops.revision.before IS 'The figure before; NULL where it was withheld, or is withheld now';
COMMENT ON COLUMN ops.revision.after IS 'The figure now; NULL where it is withheld or gone';
COMMENT ON COLUMN ops.revision.cause IS 'Which return was added, superseded or removed, or that declaration or program changed; otherwise that other figures are the cause';

CREATE TABLE ops.reduction (
    wave VARCHAR PRIMARY KEY,
    reduced_at TIMESTAMPTZ NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents >= 0)
);
COMMENT ON TABLE ops.reduction IS 'A wave whose respondents are no longer kept: its totals, estimates and KPIs stand';
COMMENT ON COLUMN ops.reduction.wave IS 'The wave';
COMMENT ON COLUMN ops.reduction.reduced_at IS 'When its respondents were removed';
COMMENT ON COLUMN ops.reduction.respondents IS 'How many were';

CREATE TABLE ops.resubmission (
    sha256 VARCHAR PRIMARY KEY,
    supersedes VARCHAR NOT NULL,
    rows_before BIGINT NOT NULL CHECK (rows_before >= 0),
    rows_after BIGINT NOT NULL CHECK (rows_after >= 0),
    rows_added BIGINT NOT NULL CHECK (rows_added >= 0),
    rows_gone BIGINT NOT NULL CHECK (rows_gone >= 0),
    rows_changed BIGINT NOT NULL CHECK (rows_changed >= 0),
    CHECK (rows_after - rows_before = rows_added - rows_gone)
);
COMMENT ON TABLE ops.resubmission IS 'A return held against the one of its wave and sample that it superseded, respondent by respondent';
COMMENT ON COLUMN ops.resubmission.sha256 IS 'The return, as in ops.delivery';
COMMENT ON COLUMN ops.resubmission.supersedes IS 'The one before it';
COMMENT ON COLUMN ops.resubmission.rows_before IS 'Respondents in the one before it';
COMMENT ON COLUMN ops.resubmission.rows_after IS 'Respondents in it';
COMMENT ON COLUMN ops.resubmission.rows_added IS 'Serial numbers that only it holds';
COMMENT ON COLUMN ops.resubmission.rows_gone IS 'Serial numbers that only the one before it holds';
COMMENT ON COLUMN ops.resubmission.rows_changed IS 'Respondents in both who have another value in some variable';

CREATE TABLE ops.resubmission_variable (
    sha256 VARCHAR NOT NULL,
    variable VARCHAR NOT NULL,
    what VARCHAR NOT NULL CHECK (what IN ('changed', 'new', 'gone')),
    respondents BIGINT NOT NULL CHECK (respondents >= 0),
    PRIMARY KEY (sha256, variable)
);
COMMENT ON TABLE ops.resubmission_variable IS 'A variable that differs between a return and the one that it superseded';
COMMENT ON COLUMN ops.resubmission_variable.sha256 IS 'The return, as in ops.resubmission';
COMMENT ON COLUMN ops.resubmission_variable.variable IS 'The variable, as the return names it';
COMMENT ON COLUMN ops.resubmission_variable.what IS 'changed: in both; new: only in this one; gone: only in the one before it';
COMMENT ON COLUMN ops.resubmission_variable.respondents IS 'Respondents in both with another value; of a new or gone variable, all of its return';

CREATE TABLE ops.withdrawal (
    number INTEGER PRIMARY KEY,
    withdrawn_at TIMESTAMPTZ NOT NULL,
    wave VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents >= 0),
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE ops.withdrawal IS 'A respondent withdrawn on request: removed from returns, warehouse and builds, and kept out of later returns. Never whom';
COMMENT ON COLUMN ops.withdrawal.number IS 'Number, in the order of the requests, from 1';
COMMENT ON COLUMN ops.withdrawal.withdrawn_at IS 'When';
COMMENT ON COLUMN ops.withdrawal.wave IS 'The wave';
COMMENT ON COLUMN ops.withdrawal.sample IS 'The sample: main, or the name of a boost';
COMMENT ON COLUMN ops.withdrawal.respondents IS 'How many respondents the return in use lost; 0 where only a superseded or refused one held the respondent';
COMMENT ON COLUMN ops.withdrawal.reason IS 'Why';

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
COMMENT ON TABLE survey.respondent IS 'A respondent in a wave';
COMMENT ON COLUMN survey.respondent.wave IS 'The wave';
COMMENT ON COLUMN survey.respondent.respondent IS 'Pseudonym: HMAC-SHA256 of survey, wave, sample and serial under the secret key';
COMMENT ON COLUMN survey.respondent.sample IS 'The sample drawn from: main, or the name of a boost';
COMMENT ON COLUMN survey.respondent.stratum IS 'Sampling stratum; all where none is declared; after the sample''s name and a colon where the survey declares several samples';
COMMENT ON COLUMN survey.respondent.psu IS 'Primary sampling unit, unique within the wave; named like the stratum';
COMMENT ON COLUMN survey.respondent.interview_date IS 'Day of the interview; NULL where the survey declares none';
COMMENT ON COLUMN survey.respondent.domains IS 'The value of each domain the respondent has one of: domains[''sex'']';
COMMENT ON COLUMN survey.respondent.design_weight IS 'Inverse chance of selection; where samples overlap, brought to one unit and multiplied by the sample''s share (survey.sample)';
COMMENT ON COLUMN survey.respondent.calibration_weight IS 'Weight after calibration to the control totals; the design weight where there are none';

CREATE TABLE survey.answer (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    code VARCHAR,
    missing_reason VARCHAR,
    PRIMARY KEY (wave, respondent, item),
    CHECK ((code IS NULL) = (missing_reason IS NOT NULL))
);
COMMENT ON TABLE survey.answer IS 'A respondent''s answer to an item; labels are in ref.code';
COMMENT ON COLUMN survey.answer.wave IS 'The wave';
COMMENT ON COLUMN survey.answer.respondent IS 'The respondent';
COMMENT ON COLUMN survey.answer.item IS 'The item';
COMMENT ON COLUMN survey.answer.code IS 'The valid answer''s code, number or date, as text; NULL where there is no valid answer';
COMMENT ON COLUMN survey.answer.missing_reason IS 'Why there is no valid answer, such as refused; NULL where there is one';

CREATE TABLE survey.indicator (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    y DOUBLE NOT NULL,
    x DOUBLE NOT NULL CHECK (x = 1),
    PRIMARY KEY (wave, respondent, measure)
);
COMMENT ON TABLE survey.indicator IS 'A respondent in the base of a measure; one outside it has no row';
COMMENT ON COLUMN survey.indicator.wave IS 'The wave';
COMMENT ON COLUMN survey.indicator.respondent IS 'The respondent';
COMMENT ON COLUMN survey.indicator.measure IS 'The measure';
COMMENT ON COLUMN survey.indicator.y IS '1 where the answer counts, 0 where not; in a mean the answer''s score';
COMMENT ON COLUMN survey.indicator.x IS '1: in the base';

CREATE TABLE survey.design (
    wave VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    psus INTEGER NOT NULL CHECK (psus > 0),
    population_psus DOUBLE CHECK (population_psus >= psus),
    respondents INTEGER NOT NULL CHECK (respondents > 0),
    PRIMARY KEY (wave, stratum)
);
COMMENT ON TABLE survey.design IS 'A sampling stratum of a wave, over all its respondents';
COMMENT ON COLUMN survey.design.wave IS 'The wave';
COMMENT ON COLUMN survey.design.stratum IS 'The stratum';
COMMENT ON COLUMN survey.design.psus IS 'Primary sampling units with a respondent';
COMMENT ON COLUMN survey.design.population_psus IS 'Units in the population that they were drawn from; NULL where the variance is not corrected for it';
COMMENT ON COLUMN survey.design.respondents IS 'Respondents';

CREATE TABLE survey.psu (
    wave VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    psu VARCHAR NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents > 0),
    PRIMARY KEY (wave, stratum, psu)
);
COMMENT ON TABLE survey.psu IS 'A primary sampling unit of a wave; no row where the survey declares none. Kept without respondents: waves that share units are not combined';
COMMENT ON COLUMN survey.psu.wave IS 'The wave';
COMMENT ON COLUMN survey.psu.stratum IS 'Its stratum';
COMMENT ON COLUMN survey.psu.psu IS 'Its name';
COMMENT ON COLUMN survey.psu.respondents IS 'Respondents in it';

CREATE TABLE survey.sample (
    wave VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    covered_by VARCHAR NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents >= 0),
    effective_base DOUBLE NOT NULL CHECK (effective_base >= 0),
    scale DOUBLE NOT NULL CHECK (scale > 0),
    share DOUBLE NOT NULL CHECK (share BETWEEN 0 AND 1),
    PRIMARY KEY (wave, sample, covered_by)
);
COMMENT ON TABLE survey.sample IS 'A sample of a wave within a part of the population, and what it counts for there; no row where the survey declares one sample';
COMMENT ON COLUMN survey.sample.wave IS 'The wave';
COMMENT ON COLUMN survey.sample.sample IS 'The sample';
COMMENT ON COLUMN survey.sample.covered_by IS 'The part of the population: the samples drawn from it, joined by " + "';
COMMENT ON COLUMN survey.sample.respondents IS 'The sample''s respondents in this part';
COMMENT ON COLUMN survey.sample.effective_base IS 'Kish''s effective base of their design weights';
COMMENT ON COLUMN survey.sample.scale IS 'What brings the sample''s design weights to the unit of the main sample''s';
COMMENT ON COLUMN survey.sample.share IS 'What they are multiplied by besides: the sample''s share of the effective bases in this part';

CREATE TABLE survey.answer_count (
    wave VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    valid BOOLEAN NOT NULL,
    answer_order INTEGER NOT NULL CHECK (answer_order >= 0),
    respondents INTEGER NOT NULL CHECK (respondents >= 0),
    weighted DOUBLE NOT NULL CHECK (weighted >= 0),
    PRIMARY KEY (wave, item, answer, valid)
);
COMMENT ON TABLE survey.answer_count IS 'An answer to an item in a wave, or a reason why there is none: what the next wave is compared with. Items with codes, and numbers on a scale of 20 steps at most';
COMMENT ON COLUMN survey.answer_count.wave IS 'The wave';
COMMENT ON COLUMN survey.answer_count.item IS 'The item';
COMMENT ON COLUMN survey.answer_count.answer IS 'The valid answer''s name, as in ref.code, or the number; or the reason why there is none, such as refused';
COMMENT ON COLUMN survey.answer_count.valid IS 'true: a valid answer; false: a reason';
COMMENT ON COLUMN survey.answer_count.answer_order IS 'Its place among the item''s valid answers, from 1; 0: a reason';
COMMENT ON COLUMN survey.answer_count.respondents IS 'Respondents who gave it';
COMMENT ON COLUMN survey.answer_count.weighted IS 'Sum of their calibration weights';

CREATE TABLE survey.stratum_count (
    wave VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    domain_value VARCHAR NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents > 0),
    PRIMARY KEY (wave, stratum, domain, domain_value)
);
COMMENT ON TABLE survey.stratum_count IS 'An area''s respondents in a stratum of a wave, and the respondents of each value of other domains: which areas strata lie in, and how many were interviewed';
COMMENT ON COLUMN survey.stratum_count.wave IS 'The wave';
COMMENT ON COLUMN survey.stratum_count.stratum IS 'The stratum; * of a domain that is no area: all strata together';
COMMENT ON COLUMN survey.stratum_count.domain IS 'The domain';
COMMENT ON COLUMN survey.stratum_count.domain_value IS 'Its value; "no value" where respondents have none';
COMMENT ON COLUMN survey.stratum_count.respondents IS 'Respondents';

CREATE TABLE survey.calibration (
    wave VARCHAR PRIMARY KEY,
    method VARCHAR NOT NULL,
    iterations INTEGER NOT NULL CHECK (iterations >= 0),
    largest_relative_gap DOUBLE NOT NULL CHECK (largest_relative_gap >= 0),
    respondents INTEGER NOT NULL CHECK (respondents > 0),
    left_out_rows INTEGER NOT NULL CHECK (left_out_rows >= 0),
    effective_base DOUBLE NOT NULL CHECK (effective_base > 0),
    deff_kish DOUBLE NOT NULL,
    smallest_weight DOUBLE NOT NULL CHECK (smallest_weight > 0),
    largest_weight DOUBLE NOT NULL,
    weight_cv DOUBLE NOT NULL CHECK (weight_cv >= 0),
    mean_design DOUBLE NOT NULL CHECK (mean_design > 0),
    trimmed INTEGER NOT NULL CHECK (trimmed >= 0),
    imputed INTEGER NOT NULL CHECK (imputed BETWEEN 0 AND respondents),
    CHECK (smallest_weight <= largest_weight)
);
COMMENT ON TABLE survey.calibration IS 'How a wave''s weights were calibrated, and what that cost in precision';
COMMENT ON COLUMN survey.calibration.wave IS 'The wave';
COMMENT ON COLUMN survey.calibration.method IS 'How weights were calibrated; the design weights where no margins are declared';
COMMENT ON COLUMN survey.calibration.iterations IS 'Rounds until every margin was met and the weights settled';
COMMENT ON COLUMN survey.calibration.largest_relative_gap IS 'Largest distance of a weighted total from its control total, relative to it';
COMMENT ON COLUMN survey.calibration.respondents IS 'Respondents weighted';
COMMENT ON COLUMN survey.calibration.left_out_rows IS 'Rows of the return without a usable design weight, left out as declared';
COMMENT ON COLUMN survey.calibration.effective_base IS 'Kish''s effective base: (sum of weights)² / sum of squared weights';
COMMENT ON COLUMN survey.calibration.deff_kish IS 'Kish''s design effect of weighting: respondents / effective base';
COMMENT ON COLUMN survey.calibration.smallest_weight IS 'Smallest weight / mean weight';
COMMENT ON COLUMN survey.calibration.largest_weight IS 'Largest weight / mean weight';
COMMENT ON COLUMN survey.calibration.weight_cv IS 'Coefficient of variation of the weights';
COMMENT ON COLUMN survey.calibration.mean_design IS 'Mean design weight: its unit';
COMMENT ON COLUMN survey.calibration.trimmed IS 'Respondents whose weight stands at a limit of the declared trim';
COMMENT ON COLUMN survey.calibration.imputed IS 'Respondents without a value of a margin who were given one, for weighting only';

CREATE TABLE survey.margin_check (
    wave VARCHAR NOT NULL,
    margin VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    respondents INTEGER NOT NULL CHECK (respondents >= 0),
    design_weighted DOUBLE NOT NULL,
    calibrated DOUBLE NOT NULL,
    control_total DOUBLE NOT NULL CHECK (control_total > 0),
    PRIMARY KEY (wave, margin, category)
);
COMMENT ON TABLE survey.margin_check IS 'A category of a margin in a wave, before and after calibration';
COMMENT ON COLUMN survey.margin_check.wave IS 'The wave';
COMMENT ON COLUMN survey.margin_check.margin IS 'The margin';
COMMENT ON COLUMN survey.margin_check.category IS 'The category, as in ref.margin; merged ones joined by " + "; "no value" where that is a category of its own';
COMMENT ON COLUMN survey.margin_check.respondents IS 'Respondents in it';
COMMENT ON COLUMN survey.margin_check.design_weighted IS 'Sum of their design weights';
COMMENT ON COLUMN survey.margin_check.calibrated IS 'Sum of their calibration weights';
COMMENT ON COLUMN survey.margin_check.control_total IS 'Population to be met';

CREATE TABLE survey.pooling (
    period VARCHAR NOT NULL,
    wave VARCHAR NOT NULL,
    factor DOUBLE NOT NULL CHECK (factor > 0),
    PRIMARY KEY (period, wave)
);
COMMENT ON TABLE survey.pooling IS 'A wave in a rolling year that has its waves: what its weights are multiplied by there';
COMMENT ON COLUMN survey.pooling.period IS 'The rolling year, as in ref.period';
COMMENT ON COLUMN survey.pooling.wave IS 'The wave';
COMMENT ON COLUMN survey.pooling.factor IS 'Its factor: mean population of the waves / the wave''s, or 1, as declared';

CREATE VIEW survey.pooled_weight AS
SELECT period, wave, respondent, factor * calibration_weight AS weight
FROM survey.pooling JOIN survey.respondent USING (wave);
COMMENT ON VIEW survey.pooled_weight IS 'A respondent''s weight in a rolling year: factor × calibration weight. Its sums are the year''s figures; waves stay strata of their own';
COMMENT ON COLUMN survey.pooled_weight.period IS 'The rolling year';
COMMENT ON COLUMN survey.pooled_weight.wave IS 'The respondent''s wave';
COMMENT ON COLUMN survey.pooled_weight.respondent IS 'The respondent';
COMMENT ON COLUMN survey.pooled_weight.weight IS 'The weight';

CREATE TABLE survey.replication (
    wave VARCHAR PRIMARY KEY,
    method VARCHAR NOT NULL CHECK (method IN ('bootstrap', 'jackknife')),
    replicates INTEGER NOT NULL CHECK (replicates > 1),
    lost_category VARCHAR NOT NULL CHECK (lost_category IN ('redraw', 'half_step', 'refuse')),
    redrawn INTEGER NOT NULL CHECK (redrawn >= 0),
    one_by_one INTEGER NOT NULL CHECK (one_by_one BETWEEN 0 AND replicates),
    iterations INTEGER NOT NULL CHECK (iterations >= 0),
    largest_relative_gap DOUBLE NOT NULL CHECK (largest_relative_gap >= 0),
    seed VARCHAR,
    scale DOUBLE NOT NULL CHECK (scale > 0),
    rscales DOUBLE[] NOT NULL CHECK (len(rscales) = replicates),
    CHECK ((seed IS NULL) = (method = 'jackknife'))
);
COMMENT ON TABLE survey.replication IS 'How a wave''s replicate weights were made; no row where the survey declares none. An estimate''s variance is scale × the sum over replicates of rscale × (replicate''s estimate − mean over the replicates)²';
COMMENT ON COLUMN survey.replication.wave IS 'The wave';
COMMENT ON COLUMN survey.replication.method IS 'bootstrap (Rao and Wu) or jackknife (one sampling point left out at a time)';
COMMENT ON COLUMN survey.replication.replicates IS 'Replicates';
COMMENT ON COLUMN survey.replication.lost_category IS 'Rule for a replicate without a respondent in a margin''s category: redraw, half_step (all go half way from the full sample) or refuse';
COMMENT ON COLUMN survey.replication.redrawn IS 'Replicates that had lost a category and were drawn again';
COMMENT ON COLUMN survey.replication.one_by_one IS 'Replicates that were calibrated by themselves, because the batch did not settle them';
COMMENT ON COLUMN survey.replication.iterations IS 'Steps until the batch settled';
COMMENT ON COLUMN survey.replication.largest_relative_gap IS 'Largest distance of a weighted total from its control total in any replicate, relative to it';
COMMENT ON COLUMN survey.replication.seed IS 'Seed of the random stream, from survey and wave, in hexadecimal; NULL where nothing is drawn';
COMMENT ON COLUMN survey.replication.scale IS 'Factor of every variance';
COMMENT ON COLUMN survey.replication.rscales IS 'Factor of each replicate, in order';

CREATE TABLE survey.replicate_draw (
    wave VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    psu VARCHAR NOT NULL,
    multipliers DOUBLE[] NOT NULL,
    PRIMARY KEY (wave, stratum, psu)
);
COMMENT ON TABLE survey.replicate_draw IS 'A primary sampling unit in all replicates of a wave';
COMMENT ON COLUMN survey.replicate_draw.wave IS 'The wave';
COMMENT ON COLUMN survey.replicate_draw.stratum IS 'The stratum';
COMMENT ON COLUMN survey.replicate_draw.psu IS 'The primary sampling unit';
COMMENT ON COLUMN survey.replicate_draw.multipliers IS 'What its respondents'' design weights are multiplied by in each replicate; 0 where it is left out';

CREATE TABLE survey.replicate_factor (
    wave VARCHAR NOT NULL,
    margin VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    factors DOUBLE[] NOT NULL,
    PRIMARY KEY (wave, margin, category)
);
COMMENT ON TABLE survey.replicate_factor IS 'What calibration multiplies the design weights of a margin''s category by, in all replicates of a wave';
COMMENT ON COLUMN survey.replicate_factor.wave IS 'The wave';
COMMENT ON COLUMN survey.replicate_factor.margin IS 'The margin; "all margins" where calibration is not raking or has limits';
COMMENT ON COLUMN survey.replicate_factor.category IS 'The category, as in survey.margin_check; a number for "all margins": respondents who share all categories and limits';
COMMENT ON COLUMN survey.replicate_factor.factors IS 'The factor in each replicate';

CREATE TABLE survey.replicate_category (
    wave VARCHAR NOT NULL,
    respondent VARCHAR NOT NULL,
    margin VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    PRIMARY KEY (wave, respondent, margin)
);
COMMENT ON TABLE survey.replicate_category IS 'Which factors of survey.replicate_factor a respondent''s replicate weights have';
COMMENT ON COLUMN survey.replicate_category.wave IS 'The wave';
COMMENT ON COLUMN survey.replicate_category.respondent IS 'The respondent';
COMMENT ON COLUMN survey.replicate_category.margin IS 'The margin';
COMMENT ON COLUMN survey.replicate_category.category IS 'The respondent''s category of it';

-- Formed when asked for: two thousand respondents have a million replicate weights.
CREATE VIEW survey.replicate_weight AS
WITH calibration AS (
    SELECT wave, respondent, list(factors ORDER BY margin) AS factors
    FROM survey.replicate_category JOIN survey.replicate_factor USING (wave, margin, category)
    GROUP BY wave, respondent
),
drawn AS (
    SELECT wave, respondent, design_weight, factors,
        unnest(range(1, len(multipliers) + 1)) AS replicate,
        unnest(multipliers) AS multiplier
    FROM survey.respondent
    JOIN survey.replicate_draw USING (wave, stratum, psu)
    LEFT JOIN calibration USING (wave, respondent)
)
SELECT wave, respondent, replicate,
    design_weight * multiplier
        * coalesce(list_product(list_transform(factors, lambda one: one[replicate])), 1) AS weight
FROM drawn;
COMMENT ON VIEW survey.replicate_weight IS 'A respondent''s weight in a replicate: design weight × multiplier × the product of the calibration''s factors. survey.replication has the variance''s formula';
COMMENT ON COLUMN survey.replicate_weight.wave IS 'The wave';
COMMENT ON COLUMN survey.replicate_weight.respondent IS 'The respondent';
COMMENT ON COLUMN survey.replicate_weight.replicate IS 'The replicate, from 1; the same number in another wave is another, independent draw';
COMMENT ON COLUMN survey.replicate_weight.weight IS 'The weight; 0 where the replicate leaves the sampling point out';

-- Made anew in every build with a labelled column for each domain, item and measure: see wide.py.
CREATE TABLE survey.wide (
    wave VARCHAR,
    respondent VARCHAR,
    sample VARCHAR,
    stratum VARCHAR,
    psu VARCHAR,
    interview_date DATE,
    design_weight DOUBLE,
    calibration_weight DOUBLE,
    PRIMARY KEY (wave, respondent)
);
COMMENT ON TABLE survey.wide IS 'A respondent in a wave, with labelled columns; for survey.estimate and its like';
COMMENT ON COLUMN survey.wide.wave IS 'The wave';
COMMENT ON COLUMN survey.wide.respondent IS 'The respondent''s pseudonym';
COMMENT ON COLUMN survey.wide.sample IS 'The sample drawn from';
COMMENT ON COLUMN survey.wide.stratum IS 'Sampling stratum';
COMMENT ON COLUMN survey.wide.psu IS 'Primary sampling unit, unique within the wave';
COMMENT ON COLUMN survey.wide.interview_date IS 'Day of the interview';
COMMENT ON COLUMN survey.wide.design_weight IS 'Inverse chance of selection';
COMMENT ON COLUMN survey.wide.calibration_weight IS 'Weight after calibration: the one to estimate with';

-- Restricted because withheld cells could be worked out from it.
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
    sum_wy2 DOUBLE NOT NULL CHECK (sum_wy2 >= 0),
    sum_w2 DOUBLE NOT NULL CHECK (sum_w2 >= 0),
    n INTEGER NOT NULL CHECK (n >= 0),
    n_y INTEGER CHECK (n_y BETWEEN 0 AND n),
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
COMMENT ON TABLE estimate.total IS 'Sufficient statistics of a measure in a domain value in a wave: every estimate and change is formed from them. Restricted: withheld figures could be worked out from them';
COMMENT ON COLUMN estimate.total.wave IS 'The wave';
COMMENT ON COLUMN estimate.total.measure IS 'The measure';
COMMENT ON COLUMN estimate.total.domain IS 'The domain; all: the whole population';
COMMENT ON COLUMN estimate.total.domain_value IS 'The domain''s value; all: the whole population';
COMMENT ON COLUMN estimate.total.y IS 'Y: weighted number whose answer counts; of a mean the weighted sum of scores';
COMMENT ON COLUMN estimate.total.x IS 'X: weighted number in the base';
COMMENT ON COLUMN estimate.total.var_y IS 'Design-based variance of Y';
COMMENT ON COLUMN estimate.total.var_x IS 'Design-based variance of X';
COMMENT ON COLUMN estimate.total.cov_yx IS 'Design-based covariance of Y and X';
COMMENT ON COLUMN estimate.total.sum_wy2 IS 'Weighted sum of the squares of scores, for the design effect; Y itself where answers count';
COMMENT ON COLUMN estimate.total.sum_w2 IS 'Sum of squared weights in the base';
COMMENT ON COLUMN estimate.total.n IS 'Respondents in the base';
COMMENT ON COLUMN estimate.total.n_y IS 'Respondents in the base whose answer counts; NULL for a mean, in which none does';
COMMENT ON COLUMN estimate.total.psus IS 'Primary sampling units with a respondent in the base';
COMMENT ON COLUMN estimate.total.strata IS 'Strata with a respondent in the base';
COMMENT ON COLUMN estimate.total.df IS 'Degrees of freedom: psus − strata';
COMMENT ON COLUMN estimate.total.cov_y_force_y IS 'Covariance of Y with the whole population''s Y';
COMMENT ON COLUMN estimate.total.cov_y_force_x IS 'Covariance of Y with the whole population''s X';
COMMENT ON COLUMN estimate.total.cov_x_force_y IS 'Covariance of X with the whole population''s Y';
COMMENT ON COLUMN estimate.total.cov_x_force_x IS 'Covariance of X with the whole population''s X';
COMMENT ON COLUMN estimate.total.control_total IS 'Population the wave is calibrated to; NULL where it is not calibrated';

-- Restricted as estimate.total is.
CREATE TABLE estimate.answer_total (
    wave VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    answer_order INTEGER NOT NULL CHECK (answer_order > 0),
    total DOUBLE NOT NULL,
    covariance DOUBLE[] NOT NULL,
    n INTEGER NOT NULL CHECK (n >= 0),
    df INTEGER NOT NULL,
    PRIMARY KEY (wave, item, answer),
    UNIQUE (wave, item, answer_order)
);
COMMENT ON TABLE estimate.answer_total IS 'An answer to an item in a wave, in the whole population: what tests of whole distributions are formed from';
COMMENT ON COLUMN estimate.answer_total.wave IS 'The wave';
COMMENT ON COLUMN estimate.answer_total.item IS 'The item: one with codes that a measure is taken from';
COMMENT ON COLUMN estimate.answer_total.answer IS 'The valid answer''s name, as in ref.code';
COMMENT ON COLUMN estimate.answer_total.answer_order IS 'Its place among the item''s answers, from 1';
COMMENT ON COLUMN estimate.answer_total.total IS 'Weighted number who gave it';
COMMENT ON COLUMN estimate.answer_total.covariance IS 'Design-based covariance of the total with that of each of the item''s answers, in order';
COMMENT ON COLUMN estimate.answer_total.n IS 'Respondents who gave it';
COMMENT ON COLUMN estimate.answer_total.df IS 'Degrees of freedom among those who gave a valid answer';
