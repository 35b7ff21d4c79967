# popEpi's yearly Pohar Perme rows with the weight's sign put right (../shared/reference/README.md tells of the slip), popEpi 0.4.10.
# Rscript popepi-yearly.R > popepi-yearly.csv
suppressMessages({library(popEpi); library(data.table)})
data(sire, sibr, popmort, ICSS, package="popEpi"); pm <- data.frame(popmort)
ic <- function(col) { br <- c(0, 45, 55, 65, 75, Inf); as.numeric(tapply(ICSS[[col]], cut(ICSS$age, br, right = FALSE), sum)) }
ff <- popEpi:::comp_pp_weights; tx <- deparse(ff); i <- grep("exp(.SD[[2L]] *", tx, fixed = TRUE); stopifnot(length(i)==1); tx[i] <- sub("exp(.SD[[2L]] *", "exp(-.SD[[2L]] *", tx[i], fixed=TRUE); g <- eval(parse(text=tx)); environment(g) <- asNamespace("popEpi"); assignInNamespace("comp_pp_weights", g, "popEpi")
cat("dataset,analysis,stratum,at,statistic,value\n")
for (ds in c("sire","sibr")) { x <- data.table::copy(get(ds)); x[, agegr := cut(dg_age, c(0,45,55,65,75,Inf), right=FALSE, labels=c("0-44","45-54","55-64","65-74","75+"))]; x <- x[dg_date < ex_date]
 L <- lexpand(x, birth=bi_date, entry=dg_date, exit=ex_date, status=status %in% 1:2, breaks=list(fot=0:10), pophaz=pm, pp=TRUE, aggre=list(agegr, fot)); L0 <- lexpand(x, birth=bi_date, entry=dg_date, exit=ex_date, status=status %in% 1:2, breaks=list(fot=0:10), pophaz=pm, pp=TRUE, aggre=list(fot))
 run <- function(fo,L,wt=NULL) as.data.frame(survtab_ag(fo, data=L, n="at.risk", d="from0to1", n.cens="from0to0", n.pp="at.risk.pp", d.pp="from0to1.pp", d.pp.2="from0to1.pp.2", n.cens.pp="from0to0.pp", pyrs.pp="ptime.pp", d.exp.pp="d.exp.pp", surv.type="surv.rel", surv.method="hazard", relsurv.method="pp", weights=wt))
 for (z in list(list(fot~1,L0,NULL,""), list(fot~agegr,L,NULL,""), list(fot~adjust(agegr),L,list(agegr=ic("ICSS1")),"age-standardised weights=ICSS1 "))) { s <- run(z[[1]],z[[2]],z[[3]]); k <- round(s$Tstop) %in% c(1,3,5,10); st <- if ("agegr" %in% names(s)) paste0("agegr=", s$agegr[k]) else rep("",sum(k))
  for (v in grep("r[.]pp", names(s), value=TRUE)) cat(sprintf('%s,"survtab_ag WEIGHT SIGN CORRECTED cohort_yearly %ssurv.method=hazard relsurv.method=pp: %s, breaks 0:10 years",%s,%d,%s,%.17g\n', ds, z[[4]], deparse(z[[1]]), st, round(s$Tstop[k]), v, s[[v]][k]), sep="") } }
