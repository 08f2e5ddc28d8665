# Writes reference.csv: what R's survey package makes of samples.csv, survey by survey as designs.csv
# declares them; and, where the package has no function, what its variances lead to by formula:
# Korn and Graubard's interval capped at the base, Wilson's, residuals scaled by their leverage.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/designs/make_samples.py && Rscript tests/golden/designs/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
samples <- read.csv(file.path(here, "samples.csv"), stringsAsFactors = FALSE)
declared <- read.csv(file.path(here, "designs.csv"), stringsAsFactors = FALSE)
rows <- list()
keep <- function(survey, variable, domain, found) {
  for (statistic in names(found)) {
    rows[[length(rows) + 1]] <<- data.frame(
      survey, variable, domain, statistic,
      value = formatC(as.numeric(found[[statistic]]), digits = 17, format = "g", width = 1)
    )
  }
}

design_of <- function(people, weights, corrected) {
  people$w <- weights
  fpc <- if (corrected) ~drawn_from else NULL
  svydesign(ids = ~point, strata = ~stratum, weights = ~w, fpc = fpc, data = people, nest = TRUE)
}

calibrated <- function(design, people, one) {
  if (one$method == "none") return(design)
  bounds <- as.numeric(strsplit(one$bounds, " ")[[1]])
  if (length(bounds) != 2) bounds <- c(-Inf, Inf)
  population <- colSums(model.matrix(margins(one), people) * people$aim)
  calibrate(
    design, margins(one), population, calfun = one$method, bounds = bounds, epsilon = 1e-13,
    maxit = 500, compress = FALSE
  )
}

margins <- function(one, left = "") {
  crossed <- gsub("([a-z]+)\\*([a-z]+)", "interaction(\\1,\\2)", strsplit(one$margins, " ")[[1]])
  as.formula(paste(left, "~", paste(crossed, collapse = " + ")))
}

# Ends at the effective base, which is at most n; at 0 and 1 Kish's base, and that end exact.
intervals <- function(p, variance, counted, n, kish, df) {
  extreme <- counted == 0 || counted == n
  if (df < 1 || n < 2 || (!extreme && variance == 0)) return(list())
  p <- if (extreme) counted / n else p
  base <- if (extreme) kish else p * (1 - p) / variance
  base <- min(n, base * (qt(0.975, n - 1) / qt(0.975, df))^2)
  t2 <- qt(0.975, n - 1)^2
  centre <- (base * p + t2 / 2) / (base + t2)
  half <- sqrt(t2) / (base + t2) * sqrt(base * p * (1 - p) + t2 / 4)
  list(
    korn_graubard_lower = if (p == 0) 0 else qbeta(0.025, base * p, base * (1 - p) + 1),
    korn_graubard_upper = if (p == 1) 1 else qbeta(0.975, base * p + 1, base * (1 - p)),
    wilson_lower = if (p == 0) 0 else centre - half,
    wilson_upper = if (p == 1) 1 else centre + half
  )
}

with_leverage <- function(people, design, one, y, x, ratio) {
  people$z <- y - ratio * x
  fitted <- lm(margins(one, "z"), people, weights = people$w0)
  people$z <- residuals(fitted) / sqrt(1 - hatvalues(fitted))
  SE(svytotal(people$z, design_of(people, weights(design), one$corrected == "yes"))) / sum(weights(design) * x)
}

describe <- function(one, people, design, variable, domain, inside) {
  answered <- !is.na(people[[variable]]) & inside
  y <- ifelse(answered, people[[variable]], 0)
  design$variables$y <- y
  part <- subset(design, answered)
  mean <- svymean(~y, part, deff = "replace")
  p <- coef(mean)[[1]]
  w <- weights(design)[answered]
  counted <- sum(y)
  extreme <- counted %in% c(0, sum(answered))
  all <- !is.na(people[[variable]])
  design$variables <- cbind(design$variables, yi = y, xi = 1 * answered,
    fy = ifelse(all, people[[variable]], 0), fx = 1 * all)
  totals <- svytotal(~ yi + xi + fy + fx, design)
  keep(one$survey, variable, domain, c(
    list(
      estimate = p, df = degf(part), n = sum(answered), kish = sum(w)^2 / sum(w^2),
      total = coef(totals)[1], cov_y_force_y = vcov(totals)[1, 3],
      cov_y_force_x = vcov(totals)[1, 4], cov_x_force_y = vcov(totals)[2, 3],
      cov_x_force_x = vcov(totals)[2, 4]
    ),
    intervals(p, vcov(mean)[1, 1], counted, sum(answered), sum(w)^2 / sum(w^2), degf(part)),
    if (!extreme) list(se = SE(mean), deff = attr(mean, "deff")[1]),
    if (!extreme && one$method != "none") {
      list(se_with_leverage = with_leverage(people, design, one, y, 1 * answered, p))
    }
  ))
  if (!extreme && degf(part) > 0) {
    ends <- confint(svyciprop(~y, part, method = "xlogit", df = degf(part)))
    keep(one$survey, variable, domain, list(logit_lower = ends[1], logit_upper = ends[2]))
  }
}

compare_domains <- function(one, people, design, by, first, second) {
  answered <- !is.na(people$trusts)
  y <- ifelse(answered, people$trusts, 0)
  in_first <- 1 * (answered & people[[by]] == first)
  in_second <- 1 * (answered & people[[by]] == second)
  design$variables <- cbind(
    design$variables, ya = y * in_first, xa = in_first, yb = y * in_second, xb = in_second
  )
  found <- svycontrast(svytotal(~ ya + xa + yb + xb, design), quote(ya / xa - yb / xb))
  keep(one$survey, "trusts", paste(first, "less", second), list(difference = coef(found), se = SE(found)))
}

test_tables <- function(one, design) {
  # With three points the covariance of four contrasts is singular.
  for (statistic in c("F", "Chisq", if (one$survey != "three") c("Wald", "adjWald"))) {
    test <- svychisq(~ age + answer, design, statistic = statistic)
    keep(one$survey, "answer", "by age", setNames(
      list(test$statistic, test$p.value), paste0(statistic, c("", "_p"))
    ))
  }
}

# R leaves a replicate's design weights at their scale; bounds are ours relative to the population.
jackknife <- function(one, people, plain, domains) {
  replicates <- as.svrepdesign(plain, type = "JKn", compress = FALSE)
  if (one$bounds != "") {
    sums <- colSums(weights(replicates, type = "analysis"))
    replicates$repweights <- sweep(as.matrix(replicates$repweights), 2, sum(people$aim) / sums, "*")
  }
  replicates <- calibrated(replicates, people, one)
  answered <- !is.na(people$trusts)
  replicates$variables$y <- ifelse(answered, people$trusts, 0)
  for (domain in names(domains)) {
    mean <- svymean(~y, subset(replicates, answered & domains[[domain]]))
    keep(one$survey, "trusts", domain, list(jackknife_se = SE(mean)))
  }
}

for (i in seq_len(nrow(declared))) {
  one <- declared[i, ]
  one$bounds[is.na(one$bounds)] <- ""
  options(survey.lonely.psu = one$lonely_in_r)
  people <- samples[samples$survey == one$survey, ]
  people$w0 <- people$weight
  if (one$method != "none") people$w0 <- people$weight * sum(people$aim) / sum(people$weight)
  plain <- design_of(people, people$w0, one$corrected == "yes")
  design <- calibrated(plain, people, one)
  for (row in seq(1, nrow(people), 3)) {
    keep(one$survey, "weight", row, list(weight = weights(design)[[row]]))
  }
  domains <- list(all = rep(TRUE, nrow(people)))
  for (by in c("age", "area", "place")) {
    for (value in sort(unique(people[[by]]))) domains[[paste0(by, "=", value)]] <- people[[by]] == value
  }
  if (length(unique(people$place)) == 1) domains["place=island"] <- NULL
  domains["place=mainland"] <- NULL
  for (variable in c("trusts", "victim")) {
    for (domain in names(domains)) describe(one, people, design, variable, domain, domains[[domain]])
  }
  compare_domains(one, people, design, "age", "65+", "16-34")
  compare_domains(one, people, design, "area", "east", "south")
  test_tables(one, design)
  if (one$lonely_in_r != "average") jackknife(one, people, plain, domains)
}

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
