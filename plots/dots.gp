# Rows of dots with intervals, one below the other, beside text. y counts rows downward from 0; a panel's values reach from 0 to MOST, and what passes it (an
# open end of an interval) stands at its edge. Data files begin with panel and row; all text is data, in the last column.
TERMINAL = terminal_of(WIDTH, 30 * (TOP - BOTTOM))
set terminal @TERMINAL noenhanced
set output OUTPUT
set xrange [LEFT : RIGHT]
set yrange [BOTTOM : TOP]

array MOST[2] = [MOST_1, MOST_2]
share(p, v) = v < 0 ? 0 : v > MOST[p] ? 1 : v / MOST[p]
X(p, v) = PANEL[p] + WIDE[p] * share(p, v)
# A range is as wide as can be seen.
pad(p, a, b) = X(p, b) - X(p, a) < 0.006 ? 0.003 : 0
# Files without a row have one far below the sheet.
on(row, x) = row < 1e8 ? x : NaN
TEXT = LEFT + 0.01

# Okabe-Ito: data blue, figures vermilion; shapes tell them apart in grey.
DATA = "#0072B2"
FIGURE = "#D55E00"
plot 'ranges.dat' using (X($1, $3)):(-$2):(X($1, $3) - pad($1, $3, $4)):(X($1, $4) + pad($1, $3, $4)):(-$2 - 0.38):(-$2 + 0.38) with boxxyerror fs solid 1 noborder fc rgb "#E9E9E9", \
     'tics.dat' using (X($1, $2)):(0.45):(0):(-N_ROWS) with vectors nohead lc rgb "#DDDDDD" lw 0.7, \
     'lines.dat' using (on($2, X($1, $3))):(0.45):(0):(-N_ROWS) with vectors nohead lc rgb FIGURE lw 1.2 dt (8, 5), \
     'figures.dat' using (X($1, $3)):(-$2):(X($1, $4)):(X($1, $5)):(-$2 - 0.12):(-$2 + 0.12) with boxxyerror fs solid 0.35 noborder fc rgb FIGURE, \
     'intervals.dat' using (X($1, $3)):(-$2):(X($1, $4)):(X($1, $5)) with xerrorbars pt 0 lc rgb DATA lw 2, \
     'data.dat' using (X($1, $3)):(-$2) with points pt 7 ps 0.9 * POINT lc rgb DATA, \
     'few.dat' using (X($1, $3)):(-$2) with points pt 6 ps 0.9 * POINT lc rgb DATA lw 1.5, \
     'figures.dat' using (X($1, $3)):(-$2) with points pt 13 ps 1.3 * POINT lc rgb FIGURE, \
     'title.dat' using (TEXT):(TOP - 0.7):1 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using (TEXT):(TOP - 1.6):1 with labels left font FONT tc rgb "#555555" noenhanced, \
     'panels.dat' using (PANEL[$1]):(1.45):2 with labels left font FONT tc rgb "#000000" noenhanced, \
     'heads.dat' using (TEXT):(-$2 - 0.1):3 with labels left font FONT tc rgb "#000000" noenhanced, \
     'names.dat' using (TEXT + INDENT):(-$2):3 with labels left font FONT tc rgb "#333333" noenhanced, \
     'words.dat' using (WORDS[$1]):(-$2):3 with labels left font FONT tc rgb "#333333" noenhanced, \
     'pale.dat' using (WORDS[$1]):(-$2):3 with labels left font FONT tc rgb "#888888" noenhanced, \
     'lines.dat' using (X($1, $3) + 0.01):(-N_ROWS + 0.1 - LINE * $2):4 with labels left font FONT tc rgb "#333333" noenhanced, \
     'tics.dat' using (X($1, $2)):(0.75):3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'below.dat' using (X($1, $2)):($2 < 1e8 ? -N_ROWS - 0.1 : -$2):3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'legend.dat' using (TEXT):(-N_ROWS - 1.2 - $2):3 with labels left font FONT tc rgb "#333333" noenhanced, \
     'counts.dat' using (COUNTS):(-$2):3 with labels right font FONT tc rgb "#333333" noenhanced, \
     'few_counts.dat' using (COUNTS):(-$2):3 with labels right font FONT tc rgb "#888888" noenhanced
