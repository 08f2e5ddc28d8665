# Writes reference.csv: what R's survey package makes of replicates of ../sample.csv.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/replicates/make_multipliers.py && Rscript tests/golden/replicates/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "..", "sample.csv"))
multipliers <- read.csv(file.path(here, "multipliers.csv"))
sample$area_sex <- paste(sample$area, sample$sex)
sample$sampled_from <- c(40, 30, 25, 20, 12)[sample$stratum + 1]
# A calibrated design keeps every row, so a missing answer is set to 0 and left out by subset().
answered <- list(confident = !is.na(sample$confident), rare = !is.na(sample$rare))
sample$confident[is.na(sample$confident)] <- 0
rows <- list()
keep <- function(design, fn, variable, domain, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, fn, variable, domain, statistic,
    value = formatC(as.numeric(value), digits = 17, format = "g")
  )
}

describe <- function(name, design) {
  for (variable in c("confident", "rare")) {
    domains <- list(all = rep(TRUE, nrow(sample)))
    for (column in c("age", "sex", "area")) {
      for (value in sort(unique(sample[[column]]))) {
        domains[[paste0(column, "=", value)]] <- sample[[column]] == value
      }
    }
    for (domain in names(domains)) {
      part <- subset(design, domains[[domain]] & answered[[variable]])
      mean <- svymean(as.formula(paste0("~", variable)), part)
      keep(name, "svymean", variable, domain, "estimate", coef(mean))
      keep(name, "svymean", variable, domain, "se", SE(mean))
    }
  }
  ratio <- svyratio(~rare, ~confident, design)
  keep(name, "svyratio", "rare/confident", "all", "estimate", coef(ratio))
  keep(name, "svyratio", "rare/confident", "all", "se", SE(ratio))
}

population <- c(
  "(Intercept)" = 100000, "age35-64" = 45000, "age65+" = 24000,
  "area_sexnorth male" = 28000, "area_sexsouth female" = 22000, "area_sexsouth male" = 21000
)
describe_calibrated <- function(name, design) {
  describe(name, design)
  for (method in c("raking", "linear")) {
    calibrated <- calibrate(
      design, ~ age + area_sex, population, calfun = method, epsilon = 1e-12, maxit = 500,
      compress = FALSE
    )
    describe(paste0(name, ":", method), calibrated)
    weights <- weights(calibrated, type = "analysis")
    for (replicate in c(1, 17, ncol(weights))) {
      for (row in seq(1, nrow(sample), by = 10)) {
        label <- paste0(name, ":", method)
        keep(label, "weights", replicate, row, "weight", weights[row, replicate])
      }
    }
  }
}

plain <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = sample)
corrected <- svydesign(
  ids = ~psu, strata = ~stratum, weights = ~weight, fpc = ~sampled_from, data = sample
)
describe_calibrated("jackknife", as.svrepdesign(plain, type = "JKn", compress = FALSE))
describe("jackknife_fpc", as.svrepdesign(corrected, type = "JKn", compress = FALSE))
describe("jackknife_mse", as.svrepdesign(plain, type = "JKn", compress = FALSE, mse = TRUE))
describe_calibrated("bootstrap", svrepdesign(
  data = sample, weights = ~weight, combined.weights = FALSE, type = "other",
  repweights = as.matrix(multipliers[match(sample$psu, multipliers$psu), -1]),
  scale = 1 / (ncol(multipliers) - 2), rscales = rep(1, ncol(multipliers) - 1)
))

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
