# Writes reference.csv: what R's survey package makes of sample.csv: shares of all answers with their
# covariances, and svychisq of an answer by a domain within a period and by period, both periods
# stacked as one design.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/distribution/make_sample.py && Rscript tests/golden/distribution/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "sample.csv"))
for (answer in c("trust", "safe")) sample[[answer]] <- factor(sample[[answer]])
rows <- list()
keep <- function(design, fn, variable, domain, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, fn, variable, domain, statistic,
    value = formatC(as.numeric(value), digits = 17, format = "g")
  )
}

keep_test <- function(name, variable, domain, formula, design) {
  for (statistic in c("F", "Chisq", "Wald", "adjWald")) {
    found <- svychisq(formula, design, statistic = statistic)
    fn <- paste0("svychisq_", statistic)
    keep(name, fn, variable, domain, "statistic", found$statistic)
    keep(name, fn, variable, domain, "ndf", found$parameter[1])
    if (length(found$parameter) > 1) keep(name, fn, variable, domain, "ddf", found$parameter[2])
    keep(name, fn, variable, domain, "p", found$p.value)
  }
}

describe <- function(name, design) {
  for (answer in c("trust", "safe")) {
    for (domain in c("all", "sex=female", "age=65+")) {
      part <- design
      if (domain == "sex=female") part <- subset(design, sex == "female")
      if (domain == "age=65+") part <- subset(design, age == "65+")
      shares <- svymean(as.formula(paste0("~", answer)), part, na.rm = TRUE)
      for (one in seq_along(shares)) {
        keep(name, "svymean", answer, domain, paste0("share_", one), coef(shares)[one])
        for (other in seq_len(one)) {
          keep(name, "svymean", answer, domain, paste0("cov_", one, "_", other), vcov(shares)[one, other])
        }
      }
    }
    keep_test(name, answer, "sex", as.formula(paste0("~", answer, "+sex")), design)
    keep_test(name, answer, "age", as.formula(paste0("~", answer, "+age")), design)
  }
}

compare <- function(name, design) {
  for (answer in c("trust", "safe")) {
    keep_test(name, answer, "all", as.formula(paste0("~", answer, "+period")), design)
    women <- subset(design, sex == "female")
    # Every point has women who answered, so R's df, over all points, are the domain's as well.
    keep_test(name, answer, "sex=female", as.formula(paste0("~", answer, "+period")), women)
  }
}

population <- c("(Intercept)" = 100000, "sexmale" = 48000, "age35-64" = 45000, "age65+" = 24000)
margins <- ~ sex + age
two <- function(data) svydesign(
  ids = ~point, strata = ~stratum, weights = ~weight, nest = TRUE, data = data
)
calibrated <- function(design) calibrate(design, margins, population, calfun = "linear", epsilon = 1e-13)
for (period in c("before", "now")) {
  part <- sample[sample$period == period, ]
  describe(paste0("plain_", period), two(part))
  describe(paste0("calibrated_", period), calibrated(two(part)))
}

sample$stratum <- paste(sample$period, sample$stratum)
sample$point <- paste(sample$period, sample$point)
stacked <- two(sample)
compare("plain", stacked)
both <- c(
  "periodbefore" = 100000, "periodnow" = 100000, "periodbefore:sexmale" = 48000,
  "periodnow:sexmale" = 48000, "periodbefore:age35-64" = 45000, "periodnow:age35-64" = 45000,
  "periodbefore:age65+" = 24000, "periodnow:age65+" = 24000
)
compare("calibrated", calibrate(
  stacked, ~ period + period:sex + period:age - 1, both, calfun = "linear", epsilon = 1e-13
))

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
