# Writes reference.csv: the last year's count of each case over the one before, as R has it.
# Poisson: glm of the two counts. Dispersion: the mean of the squared z of Poisson glms of earlier
# neighbouring years, within a stretch. Standard error: the quasi-Poisson glm with that dispersion.
# p: of the squared z of that glm, whose denominator is a sum of chi-squares with the eigenvalues of
# the changes' correlation matrix, by Imhof's integral (1961); never below that of Poisson counts.
# Made with R 4.2.2 (Debian: r-base-core), no package.
# Again: Rscript tests/golden/counts/reference.R

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
counts <- read.csv(file.path(here, "counts.csv"))

pair <- function(before, now, family, dispersion = NULL) {
  data <- data.frame(count = c(before, now), year = factor(c("before", "now")))
  fit <- glm(count ~ year, family = family, data = data, control = list(epsilon = 1e-14))
  found <- summary(fit, dispersion = dispersion)$coefficients["yearnow", ]
  c(change = found[[1]], error = found[[2]])
}

imhof <- function(weights) { # P(sum of weights * chi-square(1) > 0)
  integrand <- function(u) {
    sapply(u, function(v) {
      sin(0.5 * sum(atan(weights * v))) / (v * prod((1 + weights^2 * v^2)^0.25))
    })
  }
  0.5 + integrate(integrand, 0, Inf, rel.tol = 1e-10, subdivisions = 2000)$value / pi
}

rows <- list()
for (case in unique(counts$case)) {
  held <- counts[counts$case == case, ]
  judged <- tail(held$count, 2)
  earlier <- head(held, -2)
  squares <- c()
  lambda <- c()
  for (one in split(earlier$count, earlier$stretch)) {
    if (length(one) < 2) next
    z <- sapply(2:length(one), function(i) {
      p <- pair(one[i - 1], one[i], poisson())
      p[["change"]] / p[["error"]]
    })
    squares <- c(squares, z^2)
    correlation <- diag(length(z))
    correlation[abs(row(correlation) - col(correlation)) == 1] <- -0.5
    lambda <- c(lambda, eigen(correlation)$values)
  }
  dispersion <- mean(squares)
  poisson_z <- do.call("/", as.list(unname(pair(judged[1], judged[2], poisson()))))
  quasi <- pair(judged[1], judged[2], quasipoisson(), dispersion)
  ratio <- (quasi[["change"]] / quasi[["error"]])^2
  p <- max(imhof(c(1, -ratio / length(lambda) * lambda)), 2 * pnorm(-abs(poisson_z)))
  rows[[length(rows) + 1]] <- data.frame(
    case = case, ratio = exp(quasi[["change"]]), dispersion = dispersion,
    standard_error = quasi[["error"]], p_value = p
  )
}
reference <- do.call(rbind, rows)
for (name in names(reference)[-1]) reference[[name]] <- sprintf("%.12g", reference[[name]])
write.csv(reference, file.path(here, "reference.csv"), row.names = FALSE, quote = FALSE)
