# Writes reference.csv: windows of quarters, their differences, domains against the rest, slopes and
# families of p values, as R's survey package makes them of one stacked design: waves are strata,
# each calibrated to totals of its own, weights multiplied by the wave's factor in the window.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: python tests/golden/windows/make_sample.py && Rscript tests/golden/windows/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
sample <- read.csv(file.path(here, "sample.csv"), stringsAsFactors = TRUE)
waves <- levels(sample$wave)
population <- setNames(c(10000, 10100, 10250, 10200, 10500, 10400), waves)
shares <- c(east = 0.3, north = 0.45, south = 0.25)
male <- 0.48

# The calibration of every wave at once: one coefficient a wave and margin category.
totals <- c()
for (wave in waves) {
  size <- population[[wave]]
  totals <- c(totals, size, size * shares[["north"]], size * shares[["south"]], size * male)
}
columns <- lapply(waves, function(wave) {
  is <- as.numeric(sample$wave == wave)
  cbind(is, is * (sample$area == "north"), is * (sample$area == "south"), is * (sample$sex == "male"))
})
margins <- do.call(cbind, columns)
colnames(margins) <- paste0("m", seq_len(ncol(margins)))
names(totals) <- colnames(margins)
sample <- cbind(sample, margins)
design <- svydesign(
  ids = ~point, strata = ~ interaction(wave, stratum, drop = TRUE), weights = ~weight,
  data = sample
)
calibrated <- calibrate(
  design, as.formula(paste("~ 0 +", paste(names(totals), collapse = " + "))), totals,
  calfun = "raking", epsilon = 1e-13, maxit = 200
)

rows <- list()
keep <- function(what, window, domain, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    what, window, domain, statistic, value = formatC(as.numeric(value), digits = 17, format = "g")
  )
}
# The factor of each respondent's wave in a window; 0 outside it.
factors <- function(chosen) {
  mean(population[chosen]) / population[as.character(sample$wave)] * (sample$wave %in% chosen)
}
windows <- list(
  first = waves[1:4], second = waves[2:5], third = waves[3:6],
  early = waves[1:2], late = waves[5:6], single = waves[3]
)
domains <- list(
  all = rep(TRUE, nrow(sample)), north = sample$area == "north", male = sample$sex == "male"
)
ratio <- function(y, x) {
  design <- calibrated
  design$variables$y <- y
  design$variables$x <- x
  svyratio(~y, ~x, design)
}
difference <- function(y1, x1, y0, x0) {
  design <- calibrated
  design$variables$y1 <- y1; design$variables$x1 <- x1
  design$variables$y0 <- y0; design$variables$x0 <- x0
  svycontrast(svytotal(~ y1 + x1 + y0 + x0, design), quote(y1 / x1 - y0 / x0))
}
for (domain in names(domains)) {
  base <- sample$asked * domains[[domain]]
  for (window in names(windows)) {
    a <- factors(windows[[window]])
    found <- ratio(a * base * sample$trusts, a * base)
    keep("window", window, domain, "estimate", coef(found))
    keep("window", window, domain, "se", SE(found))
  }
  for (pair in list(
    c("third", "first"), c("second", "first"), c("third", "second"), c("late", "early"),
    c("late", "single")
  )) {
    a <- factors(windows[[pair[1]]]); b <- factors(windows[[pair[2]]])
    found <- difference(
      a * base * sample$trusts, a * base, b * base * sample$trusts, b * base
    )
    keep("difference", paste(pair, collapse = "-"), domain, "estimate", coef(found))
    keep("difference", paste(pair, collapse = "-"), domain, "se", SE(found))
  }
}
for (domain in c("north", "male")) {
  for (window in c("first", "single")) {
    a <- factors(windows[[window]]) * sample$asked
    inside <- domains[[domain]]
    outside <- !inside
    found <- difference(
      a * inside * sample$trusts, a * inside, a * outside * sample$trusts, a * outside
    )
    keep("rest", window, domain, "estimate", coef(found))
    keep("rest", window, domain, "se", SE(found))
  }
}
# Slopes: R's own least squares on the waves' shares, weighted by the bases.
for (domain in names(domains)) {
  base <- sample$asked * domains[[domain]]
  single <- lapply(waves, function(wave) {
    is <- sample$wave == wave
    ratio(is * base * sample$trusts, is * base)
  })
  share <- sapply(single, coef)
  error <- sapply(single, SE)
  n <- sapply(waves, function(wave) sum(base[sample$wave == wave]))
  time <- seq_along(waves)
  plain <- lm(share ~ time, weights = n)
  # The slope is linear in the shares: its coefficients are the slopes of unit shares.
  coefficients <- sapply(time, function(place) {
    coef(lm(as.numeric(time == place) ~ time, weights = n))[[2]]
  })
  keep("slope", "plain", domain, "estimate", coef(plain)[[2]])
  keep("slope", "plain", domain, "se", sqrt(sum(coefficients^2 * error^2)))
}
p <- c(0.004, 0.03, 0.012, 0.2, 0.011, 0.9, 0.03)
for (method in c("holm", "BH")) {
  for (place in seq_along(p)) keep("p.adjust", method, place, p[place], p.adjust(p, method)[place])
}

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
