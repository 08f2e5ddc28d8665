# Writes reference.csv: what R's survey package makes of final weights taken as they are, which is
# what the table macros of the warehouse do: shares by crossed groups, differences of two groups that
# share sampling points, pooled quarters and their changes. Samples are those of ../designs and
# ../windows.
# Made with R 4.2.2 and survey 4.1-1 (Debian: r-base-core, r-cran-survey).
# Again: Rscript tests/golden/macros/reference.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
rows <- list()
keep <- function(survey, what, group, found) {
  for (statistic in names(found)) {
    rows[[length(rows) + 1]] <<- data.frame(
      survey, what, group, statistic,
      value = formatC(as.numeric(found[[statistic]]), digits = 17, format = "g", width = 1)
    )
  }
}

# svymean of a subset, but over the whole design: `average` would take the subset's strata only.
estimate <- function(name, what, group, design, inside) {
  part <- subset(design, inside)
  design$variables <- data.frame(y = design$variables$y * inside, x = 1 * inside)
  mean <- svyratio(~y, ~x, design)
  w <- weights(part)
  keep(name, what, group, list(
    estimate = coef(mean), se = c(SE(mean)), df = degf(part), n = length(w),
    weighted = sum(w), kish = sum(w)^2 / sum(w^2)
  ))
}

# The difference of two ratios by linearising both at once.
difference <- function(name, what, group, design, one, other) {
  design$variables <- cbind(design$variables[, "y", drop = FALSE],
    ya = design$variables$y * one, xa = one, yb = design$variables$y * other, xb = other)
  found <- svycontrast(svytotal(~ ya + xa + yb + xb, design), quote(ya / xa - yb / xb))
  keep(name, what, group, list(difference = coef(found), se = SE(found)))
}

samples <- read.csv(file.path(here, "..", "designs", "samples.csv"), stringsAsFactors = FALSE)
policies <- c(pairs = "fail", heavy = "fail", whole = "certainty", whole = "adjust",
  averaged = "average")
for (i in seq_along(policies)) {
  options(survey.lonely.psu = policies[[i]])
  people <- samples[samples$survey == names(policies)[i], ]
  name <- paste(names(policies)[i], policies[[i]])
  fpc <- if (any(!is.na(people$drawn_from))) ~drawn_from else NULL
  people$y <- ifelse(is.na(people$trusts), 0, people$trusts)
  answered <- !is.na(people$trusts)
  design <- svydesign(
    ids = ~point, strata = ~stratum, weights = ~weight, fpc = fpc, data = people, nest = TRUE
  )
  for (age in sort(unique(people$age))) {
    for (sex in sort(unique(people$sex))) {
      inside <- answered & people$age == age & people$sex == sex
      estimate(name, "age sex", paste(age, sex), design, inside)
    }
  }
  estimate(name, "all", "all", design, answered)
  old <- 1 * (answered & people$age == "65+")
  young <- 1 * (answered & people$age == "16-34")
  difference(name, "difference", "65+ less 16-34", design, old, young)
  difference(name, "difference", "65+ less rest", design, old, 1 * answered - old)
}

people <- read.csv(file.path(here, "..", "windows", "sample.csv"), stringsAsFactors = FALSE)
people$y <- people$trusts * people$asked
waves <- sort(unique(people$wave))
population <- setNames(c(10000, 10100, 10250, 10200, 10500, 10400), waves)
design <- svydesign(
  ids = ~point, strata = ~ interaction(wave, stratum, drop = TRUE), weights = ~weight, data = people
)
factors <- function(chosen) {
  mean(population[chosen]) / population[people$wave] * (people$wave %in% chosen)
}
windows <- list(first = waves[1:4], third = waves[3:6], early = waves[1:2], single = waves[3])
for (window in names(windows)) {
  inside <- people$wave %in% windows[[window]] & people$asked == 1
  weighted <- people[people$wave %in% windows[[window]], ]
  weighted$weight <- (people$weight * factors(windows[[window]]))[people$wave %in% windows[[window]]]
  pooled <- svydesign(
    ids = ~point, strata = ~ interaction(wave, stratum, drop = TRUE), weights = ~weight,
    data = weighted
  )
  for (sex in c("female", "male")) {
    estimate("windows", window, sex, pooled, weighted$asked == 1 & weighted$sex == sex)
  }
}
for (sex in c("female", "male")) {
  inside <- people$asked * (people$sex == sex)
  for (pair in list(c("third", "first"), c("single", "early"))) {
    now <- factors(windows[[pair[1]]]) * inside
    before <- factors(windows[[pair[2]]]) * inside
    difference("windows", "change", paste(pair[1], pair[2], sex), design, now, before)
  }
}

out <- do.call(rbind, rows)
write.csv(out, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
cat(nrow(out), "rows with", R.version.string, "and survey", as.character(packageVersion("survey")), "\n")
