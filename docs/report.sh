#!/bin/sh
# A page with tables and charts of the embedded data: report.sh LUSTRUM FOLDER
set -eu
lustrum=$1
out=$2
data=datasets/rotterdam.csv
mkdir -p "$out"
page=$out/index.html.new

chart() { # by-factor: the chart, inline
  "$lustrum" plot curve "$data" --by "$1" -o "$out/$1.svg" --quiet
  echo '<figure>'
  sed -e '/^<?xml/d' -e "s/gnuplot_plot_/$1_plot_/g; s/id=\"gnuplot_canvas\"/id=\"$1_canvas\"/; s/gpDot/$1Dot/g; s/gpPt/$1Pt/g; s/gpPat/$1Pat/g; s/textOutline/$1Outline/g; s/greybox/$1greybox/g; s/gridicon/$1gridicon/g; s/textbox/$1textbox/g" "$out/$1.svg"
  echo '</figure>'
}

{
  cat <<'HEAD'
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lustrum: survival of the Rotterdam women</title>
<style>
body { font: 16px/1.5 "Liberation Sans", Arial, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #ddd; text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; } .notes { color: #555; font-size: .9rem; }
</style>
</head>
<body>
<h1>Survival of the Rotterdam women</h1>
<p>2,982 women with primary breast cancer, treated 1978 to 1993, from surgery to death of any cause. These are statistics of a population; they are never advice to a person.</p>
<h2>All</h2>
HEAD
  "$lustrum" rates "$data" --at 5y,10y --format html
  for by in grade menopause; do
    echo "<h2>By $by</h2>"
    "$lustrum" rates "$data" --by "$by" --at 5y,10y --format html
    chart "$by"
    "$lustrum" compare "$data" --by "$by" --format html
  done
  echo '</body>'
  echo '</html>'
} > "$page"
mv "$page" "$out/index.html"
echo "$out/index.html"
