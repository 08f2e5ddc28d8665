# Writes reference.csv: what R's survey package makes of sample.csv: finite population correction,
# lonely PSUs, means of a score, domains with empty points and strata.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/estimation/make_sample.py && Rscript tests/golden/estimation/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "sample.csv"))
# A calibrated design keeps every row, so a missing answer is set to 0 and left out by subset().
answered <- list(trusts = !is.na(sample$trusts), score = !is.na(sample$score))
sample$score[is.na(sample$score)] <- 0
rows <- list()
keep <- function(design, fn, variable, domain, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, fn, variable, domain, statistic,
    value = formatC(as.numeric(value), digits = 17, format = "g")
  )
}

describe <- function(name, design) {
  domains <- list(all = rep(TRUE, nrow(sample)))
  for (value in sort(unique(sample$group))) {
    domains[[paste0("group=", value)]] <- sample$group == value
  }
  for (variable in c("trusts", "score")) {
    for (domain in names(domains)) {
      part <- subset(design, domains[[domain]] & answered[[variable]])
      formula <- as.formula(paste0("~", variable))
      mean <- svymean(formula, part)
      total <- svytotal(formula, part)
      keep(name, "svymean", variable, domain, "estimate", coef(mean))
      keep(name, "svymean", variable, domain, "se", SE(mean))
      keep(name, "svymean", variable, domain, "degf", degf(part))
      keep(name, "svytotal", variable, domain, "estimate", coef(total))
      keep(name, "svytotal", variable, domain, "se", SE(total))
    }
  }
  both <- svytotal(~ trusts + score, design)
  keep(name, "svytotal", "trusts and score", "all", "covariance", vcov(both)[1, 2])
}

population <- c("(Intercept)" = 100000, "sexmale" = 48000, "grouprare" = 9000, "groupsmall" = 27000)
for (policy in c("adjust", "certainty", "remove", "average")) {
  options(survey.lonely.psu = policy)
  plain <- svydesign(ids = ~point, strata = ~stratum, weights = ~weight, data = sample)
  fpc <- svydesign(
    ids = ~point, strata = ~stratum, weights = ~weight, data = sample, fpc = ~population_psus
  )
  describe(paste0("plain_", policy), plain)
  describe(paste0("fpc_", policy), fpc)
  describe(paste0("fpc_calibrated_", policy), calibrate(
    fpc, ~ sex + group, population, calfun = "linear", epsilon = 1e-13
  ))
}

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
