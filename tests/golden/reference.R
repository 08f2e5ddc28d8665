# Writes reference.csv: what R's survey package makes of sample.csv.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/make_sample.py && Rscript tests/golden/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "sample.csv"))
sample$area_sex <- paste(sample$area, sample$sex)
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
      formula <- as.formula(paste0("~", variable))
      mean <- svymean(formula, part)
      total <- svytotal(formula, part)
      keep(name, "svymean", variable, domain, "estimate", coef(mean))
      keep(name, "svymean", variable, domain, "se", SE(mean))
      keep(name, "svytotal", variable, domain, "estimate", coef(total))
      keep(name, "svytotal", variable, domain, "se", SE(total))
      keep(name, "svymean", variable, domain, "degf", degf(part))
      # "xlogit" is "logit" without glm, whose own stopping rule costs digits for rare answers.
      for (method in c("xlogit", "beta")) {
        ends <- confint(svyciprop(formula, part, method = method, df = degf(part)))
        keep(name, paste0("svyciprop_", method), variable, domain, "lower", ends[1])
        keep(name, paste0("svyciprop_", method), variable, domain, "upper", ends[2])
      }
    }
  }
}

plain <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = sample)
describe("plain", plain)

population <- c(
  "(Intercept)" = 100000, "age35-64" = 45000, "age65+" = 24000,
  "area_sexnorth male" = 28000, "area_sexsouth female" = 22000, "area_sexsouth male" = 21000
)
raked <- calibrate(
  plain, ~ age + area_sex, population, calfun = "raking", epsilon = 1e-13, maxit = 500
)
describe("raked", raked)
for (row in seq_len(nrow(sample))) {
  keep("raked", "weights", "weight", row, "weight", weights(raked)[row])
}

# Bounds are on the change of weights that add up to the population; "logit" and "linear" with
# bounds are cases 6 and 7 of Deville and Särndal.
scaled <- svydesign(
  ids = ~psu, strata = ~stratum, weights = ~ I(weight * 100000 / sum(weight)), data = sample
)
mean_weight <- 100000 / nrow(sample)
bounded <- list(
  linear = list(calfun = "linear", bounds = c(-Inf, Inf)),
  logit = list(calfun = "logit", bounds = c(0.6, 1.7)),
  truncated = list(calfun = "linear", bounds = c(0.7, 1.5)),
  linear_to_mean = list(calfun = "linear", bounds = c(0.2, 3) * mean_weight, bounds.const = TRUE)
)
for (method in names(bounded)) {
  calibrated <- do.call(calibrate, c(
    list(scaled, ~ age + area_sex, population, epsilon = 1e-13, maxit = 500), bounded[[method]]
  ))
  describe(method, calibrated)
  for (row in seq_len(nrow(sample))) {
    keep(method, "weights", "weight", row, "weight", weights(calibrated)[row])
  }
}

lonely <- sample
lonely$stratum[lonely$psu == 7] <- 99
for (policy in c("adjust", "certainty")) {
  options(survey.lonely.psu = policy)
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = lonely)
  mean <- svymean(~rare, design)
  keep(paste0("lonely_", policy), "svymean", "rare", "all", "estimate", coef(mean))
  keep(paste0("lonely_", policy), "svymean", "rare", "all", "se", SE(mean))
}

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
