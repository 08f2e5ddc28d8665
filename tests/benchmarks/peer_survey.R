# The tasks in R's survey package, by its own documented calls: Rscript peer_survey.R TASK FOLDER RESULT.
# It answers as serving.py does. rake() is used, which is faster there than calibrate().

suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[2]
say <- function(...) {
  cat("benchmark: ", ..., "\n", sep = "")
  flush(stdout())
}

people <- read.csv(file.path(folder, "respondents.csv"), stringsAsFactors = TRUE)
controls <- read.csv(file.path(folder, "controls.csv"))
margins <- unique(controls$margin)
formulas <- lapply(margins, function(margin) as.formula(paste0("~", margin)))
targets <- lapply(margins, function(margin) {
  of_margin <- controls[controls$margin == margin, ]
  setNames(data.frame(of_margin$category, of_margin$total), c(margin, "Freq"))
})
tight <- list(maxit = 1000, epsilon = 1e-12, verbose = FALSE)

prepare <- list(
  rake = function() {
    design <- svydesign(ids = ~1, weights = ~weight, data = people)
    list(
      run = function() rake(design, formulas, targets, control = tight),
      numbers = function(raked) weights(raked)
    )
  },
  replicates = function() {
    multipliers <- read.csv(file.path(folder, "multipliers.csv"))
    of_person <- as.matrix(multipliers[match(people$psu, multipliers$psu), -1])
    design <- svrepdesign(
      data = people, weights = ~weight, repweights = of_person * people$weight,
      combined.weights = TRUE, type = "bootstrap"
    )
    list(
      run = function() rake(design, formulas, targets, control = tight, compress = FALSE),
      numbers = function(raked) t(weights(raked, "analysis"))
    )
  },
  table = function() {
    measures <- grep("^measure", names(people), value = TRUE)
    quarters <- lapply(split(people, people$quarter), function(part) {
      svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = part)
    })
    list(
      run = function() {
        lapply(quarters, function(part) {
          svyby(reformulate(measures), ~area, part, svymean)
        })
      },
      numbers = function(found) {
        unlist(lapply(found, function(part) {
          part <- part[order(part$area), ]
          rbind(
            as.vector(as.matrix(part[, measures])),
            as.vector(as.matrix(part[, paste0("se.", measures)]))
          )
        }))
      }
    )
  }
)
task <- prepare[[arguments[1]]]()
result <- NULL
say("ready ", packageDescription("survey")$Version, " (R ", as.character(getRversion()), ")")
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  if (line == "run") {
    result <- NULL
    took <- system.time(result <- task$run(), gcFirst = FALSE)
    say(took[["elapsed"]], " ", took[["user.self"]] + took[["sys.self"]])
  } else {
    writeBin(as.numeric(task$numbers(result)), arguments[3])
    say("written")
  }
}
