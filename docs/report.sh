#!/bin/sh
# Pages with tables and charts of the embedded data: report.sh LUSTRUM FOLDER
set -eu
lustrum=$1
out=$2
tables=datasets/lifetables/us.csv
figures=datasets/figures/documents.yaml,datasets/figures/published.yaml
mkdir -p "$out"

draw() { # KIND NAME arguments...: the chart, inline; its ids are its own
  kind=$1 name=$2
  shift 2
  "$lustrum" plot "$kind" "$@" -o "$out/$name.svg" --quiet
  echo '<figure>'
  sed -e '/^<?xml/d' "$out/$name.svg"
  echo '</figure>'
}

page() { # TITLE, then a sentence
  cat <<HEAD
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lustrum: $1</title>
<style>
body { font: 16px/1.5 "Liberation Sans", Arial, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #ddd; text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; } .notes { color: #555; font-size: .9rem; } main { overflow-x: auto; }
</style>
</head>
<body>
<main>
<h1>$1</h1>
<p>$2 These are statistics of a population; they are never advice to a person.</p>
HEAD
}

foot() { printf '</main>\n</body>\n</html>\n'; }

rotterdam() {
  data=datasets/rotterdam.csv
  page "Survival of the Rotterdam women" "2,982 women with primary breast cancer, treated 1978 to 1993, from surgery to death of any cause. (<a href=\"stage4.html\">Stage IV, synthetic</a>)"
  echo "<h2>All</h2>"
  "$lustrum" rates "$data" --at 5y,10y --format html
  draw timeline timeline "$data"
  for by in grade menopause; do
    echo "<h2>By $by</h2>"
    "$lustrum" rates "$data" --by "$by" --at 5y,10y --format html
    draw curve "$by" "$data" --by "$by" --risk-table extended
    "$lustrum" compare "$data" --by "$by" --format html
  done
  echo "<h2>By lymph nodes and grade</h2>"
  draw heatmap nodes "$data" --by nodes_group,grade
  draw rates size "$data" --by size
  echo "<h2>By year of surgery</h2>"
  draw trend year "$data" --by year
  echo "<h2>Net survival</h2><p>Against a table of the United States: an exercise, these are Dutch women.</p>"
  "$lustrum" net "$data" --lifetable "$tables" --by menopause --at 5y,10y --format html
  draw net net "$data" --lifetable "$tables" --until 15y
  draw crude crude "$data" --lifetable "$tables" --until 15y
  foot
}

stage4() {
  data=datasets/stage4.csv
  page "Metastatic breast cancer: SYNTHETIC women" "10,000 women made by a model (datasets/stage4-model.yaml), from first metastasis to death of any cause; no person stands behind a row. (<a href=\"index.html\">The Rotterdam women, real ones</a>)"
  echo "<h2>Quoted figures</h2>"
  draw context context "$data" --figures "$figures" --lifetable "$tables"
  "$lustrum" context "$data" --lifetable "$tables" --format html
  echo "<h2>By receptor</h2>"
  "$lustrum" rates "$data" --by receptor --at 5y,10y --format html
  draw curve receptor "$data" --by receptor --figures datasets/figures/documents.yaml
  draw rates receptor-rates "$data" --by receptor --figures datasets/figures/documents.yaml
  echo "<h2>By receptor and site</h2>"
  draw heatmap sites "$data" --by receptor,site_only
  echo "<h2>De novo and recurrent</h2>"
  draw icons presentation "$data" --by presentation --lifetable "$tables"
  "$lustrum" net "$data" --lifetable "$tables" --by presentation --at 1y,5y --format html
  draw net net4 "$data" --lifetable "$tables" --by presentation --until 10y
  foot
}

for page in rotterdam stage4; do
  file=$out/$page.html
  [ $page = rotterdam ] && file=$out/index.html
  $page > "$file.new"
  mv "$file.new" "$file"
  echo "$file"
done
