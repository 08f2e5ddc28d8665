# Writes reference.csv: what R's survey package makes of the means of scores in sample.csv.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/means/make_sample.py && Rscript tests/golden/means/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "sample.csv"))
# A calibrated design keeps every row, so a missing answer is set to 0 and left out by subset().
answered <- list(trust = !is.na(sample$trust), agreement = !is.na(sample$agreement))
sample$trust[is.na(sample$trust)] <- 0
sample$agreement[is.na(sample$agreement)] <- 0
rows <- list()
keep <- function(design, fn, variable, domain, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    design, fn, variable, domain, statistic,
    value = formatC(as.numeric(value), digits = 17, format = "g")
  )
}

describe <- function(name, design, replicates = FALSE) {
  for (variable in c("trust", "agreement")) {
    formula <- as.formula(paste0("~", variable))
    base <- subset(design, answered[[variable]])
    for (domain in c("all", paste0("group=", sort(unique(sample$group))))) {
      part <- if (domain == "all") base else subset(base, group == sub("group=", "", domain))
      mean <- svymean(formula, part, deff = if (replicates) FALSE else "replace")
      keep(name, "svymean", variable, domain, "estimate", coef(mean))
      keep(name, "svymean", variable, domain, "se", SE(mean))
      if (!replicates) {
        ends <- confint(mean, df = degf(part))
        keep(name, "svymean", variable, domain, "deff", deff(mean))
        keep(name, "svymean", variable, domain, "degf", degf(part))
        keep(name, "confint", variable, domain, "lower", ends[1])
        keep(name, "confint", variable, domain, "upper", ends[2])
      }
    }
    by <- svyby(formula, ~group, base, svymean)
    for (value in rownames(by)) {
      keep(name, "svyby", variable, paste0("group=", value), "estimate", by[value, variable])
      keep(name, "svyby", variable, paste0("group=", value), "se", SE(by)[rownames(by) == value])
    }
  }
}

population <- c("(Intercept)" = 200000, "sexmale" = 97000, "age35-64" = 92000, "age65+" = 47000)
plain <- svydesign(ids = ~point, strata = ~stratum, weights = ~weight, data = sample)
rake <- function(design, ...) {
  calibrate(design, ~ sex + age, population, calfun = "raking", epsilon = 1e-12, maxit = 500, ...)
}
describe("plain", plain)
describe("raked", rake(plain))
jackknife <- as.svrepdesign(plain, type = "JKn", compress = FALSE)
describe("jackknife", jackknife, replicates = TRUE)
describe("jackknife_raked", rake(jackknife, compress = FALSE), replicates = TRUE)

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
