# Estimates by any columns, from the design and from the replicate weights, in R.
#
# Run it in this folder: Rscript analysis.R, or setwd() here and source("analysis.R").
# Needs the package survey, and haven to read .sav, or arrow (or nanoparquet) to read Parquet.
#
# estimate(design(...))      equals survey.estimate of the warehouse: error on the final weights
# estimate(replicated(...))  equals survey.estimate_by_replicates
# Both estimates equal the published ones before rounding. The published standard errors are
# others: they know that weights were calibrated (estimate.published, estimate.calibrated).

suppressPackageStartupMessages(library(survey))
facts <- function(name) read.csv(file.path("facts", paste0(name, ".csv")), stringsAsFactors = FALSE)
options(survey.lonely.psu = facts("survey")$r_lonely_psu)

# A wave's respondents; coded columns are factors of their labels.
read_wave <- function(wave) {
  sav <- file.path("respondents", paste0("wave_", wave, ".sav"))
  parquet <- file.path("respondents", paste0("wave=", wave), "respondents.parquet")
  if (file.exists(sav)) {
    rows <- haven::read_sav(sav)
    columns <- facts("variables")[facts("variables")$wave == wave, ]
    names(rows) <- columns$name[match(names(rows), columns$sav_name)]
    for (name in columns$name[columns$kind == "code"]) rows[[name]] <- haven::as_factor(rows[[name]])
    rows <- haven::zap_labels(rows)
  } else if (requireNamespace("arrow", quietly = TRUE)) {
    rows <- arrow::read_parquet(parquet)
  } else {
    rows <- nanoparquet::read_parquet(parquet)
  }
  cbind(wave = wave, as.data.frame(rows), stringsAsFactors = FALSE)
}

# All respondents of a period's waves, each with its pooled weight: weights of a wave are multiplied
# by its factor, so that the waves of a rolling year count alike.
period_rows <- function(measure, period) {
  windows <- facts("windows")
  parts <- windows[windows$measure == measure & windows$period == period, ]
  if (nrow(parts) == 0) stop("There is no figure of ", measure, " for ", period, ": see facts/windows.csv")
  waves <- lapply(parts$wave, read_wave)
  columns <- Reduce(intersect, lapply(waves, names))
  rows <- do.call(rbind, lapply(waves, function(wave) wave[columns]))
  rows$factor <- parts$factor[match(rows$wave, parts$wave)]
  rows$weight <- rows$factor * rows$calibration_weight
  rows$stratum <- interaction(rows$wave, rows$stratum, drop = TRUE)
  rows$psu <- interaction(rows$wave, rows$psu, drop = TRUE)
  rows
}

# The sampling design with the final weights.
design <- function(measure, period) {
  rows <- period_rows(measure, period)
  corrected <- any(!is.na(rows$population_psus))
  svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE,
    fpc = if (corrected) ~population_psus else NULL)
}

# The stored replicate weights. A period of several waves needs bootstraps of one number each.
replicated <- function(measure, period) {
  rows <- period_rows(measure, period)
  waves <- unique(rows$wave)
  made <- facts("replicates")
  made <- made[made$wave %in% waves, ]
  held <- split(made, made$wave)
  together <- length(held) == 1 || (all(made$method == "bootstrap") && all(table(made$wave) == nrow(held[[1]])))
  if (length(held) < length(waves) || !together) stop("The waves of ", period, " have no replicate weights in common.")
  columns <- grep("^replicate_", names(rows), value = TRUE)
  svrepdesign(data = rows, weights = ~weight, repweights = as.matrix(rows[columns]) * rows$factor,
    type = "other", combined.weights = TRUE, mse = FALSE, scale = 1, rscales = held[[1]]$factor)
}

# The share or mean of a measure in each group of `by`, any columns; NULL: of everybody. Respondents
# outside a group stay in the design, since their sampling points count in its standard error.
estimate <- function(design, measure, by = NULL) {
  rows <- design$variables
  y <- rows[[paste0("y_", measure)]]
  group <- rep("all", nrow(rows))
  if (!is.null(by)) group <- do.call(paste, c(lapply(rows[by], as.character), sep = " / "))
  do.call(rbind, lapply(sort(unique(group[!is.na(y)])), function(one) {
    inside <- !is.na(y) & group == one
    design$variables <- data.frame(y = ifelse(inside, y, 0), x = 1 * inside)
    found <- svyratio(~y, ~x, design)
    data.frame(measure = measure, group = one, estimate = c(coef(found)),
      standard_error = c(SE(found)), unweighted_base = sum(inside))
  }))
}

# An example: the first measure in the latest period, by the first domain.
if (!exists("no_example")) {
  latest <- tail(facts("windows"), 1)
  print(estimate(design(latest$measure, latest$period), latest$measure), row.names = FALSE)
  if (nrow(facts("replicates")) > 0)
    print(estimate(replicated(latest$measure, latest$period), latest$measure), row.names = FALSE)
}
