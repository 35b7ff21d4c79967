# The sheet of every chart. x and y are pixels, y downward: where things stand, C says; how they look, this does. All text is data.
TERMINAL = terminal_of(WIDTH, HEIGHT)
set terminal @TERMINAL noenhanced
set output OUTPUT
set xrange [0 : WIDTH]
set yrange [HEIGHT : 0]
set lmargin 0
set rmargin 0
set tmargin 0
set bmargin 0
set cbrange [0 : 1]

set dashtype 2 (12, 4)
set dashtype 3 (5, 4)
set dashtype 4 (12, 3, 2, 3)
set dashtype 5 (2, 3)
set dashtype 6 (20, 5)
set dashtype 7 (18, 2)
set dashtype 8 (8, 6)
set dashtype 9 (16, 3, 5, 3)
set dashtype 10 (3, 6)
set dashtype 11 (10, 2, 2, 2)
set dashtype 12 (6, 2)

# Curves are written in the values of their axes: where a panel begins (left, bottom), and how many pixels a value is, stands in settings.gp, with the panel of each
# curve. Areas stand one upon the other; the last of them may be those to whom nothing has happened.
if (!exists('N_SERIES')) { N_SERIES = 0; ACROSS = 1; UP = 1; array PANEL_LEFT[1] = [0]; array PANEL_BOTTOM[1] = [0]; array PANEL_OF[1] = [1] }
if (!exists('N_BEHIND')) { N_BEHIND = 0 }
X(p, x) = PANEL_LEFT[p] + ACROSS * x
Y(p, y) = PANEL_BOTTOM[p] - UP * y
fill(i) = !IS_STACKED ? of(SERIES, i) : i == N_REST ? REST : of(AREAS, i)
edge(i) = IS_STACKED ? PAPER : of(SERIES, i)
said(i) = IS_STACKED ? INK : of(WORDS, i)
dash(i) = IS_STACKED ? 1 : i

# Where it stands, if it is of the k-th kind; else outside the sheet.
pick(k, x) = column(5) == k ? x : 1e9

plot 'rules.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb RULE lw 0.8, \
     'grid.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb GRID lw 0.8, \
     'axes.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb PALE lw 1, \
     'cells.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4:5 with boxxyerror fs solid 1 noborder fc palette, \
     'hidden.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs solid 1 noborder fc rgb HIDDEN, \
     for [k = 1:4] 'people.dat' using (pick(k, ($1 + $3) / 2)):(($2 + $4) / 2):(pick(k, $1)):(pick(k, $3)):2:4 with boxxyerror fs solid 1 noborder fc rgb of(PEOPLE, k), \
     'ranges.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs transparent solid 0.3 noborder fc rgb FIGURE, \
     'boxes.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs empty lc rgb FAINT lw 1, \
     'bars.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs transparent solid 0.55 noborder fc rgb DATA, \
     for [p = 1:N_BEHIND] for [i = 1:N_SERIES] 'steps.dat' index i - 1 using (X(p, $1)):(Y(p, $2)) with lines lc rgb BEHIND lw 0.6 dt 1, \
     for [i = 1:N_SERIES] 'bands.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)):(Y(PANEL_OF[i], $3)) with filledcurves lc rgb fill(i) fs transparent solid SHADE noborder, \
     for [i = 1:N_SERIES] 'medians.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)):(X(PANEL_OF[i], 0) - X(PANEL_OF[i], $1)):(0) with vectors nohead lc rgb of(SERIES, i) lw 0.9 dt (4, 4), \
     for [i = 1:N_SERIES] 'medians.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)):(0):(Y(PANEL_OF[i], 0) - Y(PANEL_OF[i], $2)) with vectors nohead lc rgb of(SERIES, i) lw 0.9 dt (4, 4), \
     for [i = 1:N_SERIES] 'steps.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)) with lines lc rgb edge(i) lw (IS_STACKED ? 1 : 2) dt dash(i), \
     for [i = 1:N_SERIES] 'steps.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $3)) with lines lc rgb PAPER lw 1.2 dt 1, \
     for [i = 1:N_SERIES] 'censored.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)) with points pt 1 ps POINT lc rgb of(SERIES, i) lw 1.2, \
     for [i = 1:N_SERIES] 'medians.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)) with points pt 7 ps 1.3 * POINT lc rgb PAPER, \
     for [i = 1:N_SERIES] 'medians.dat' index i - 1 using (X(PANEL_OF[i], $1)):(Y(PANEL_OF[i], $2)) with points pt 6 ps 1.3 * POINT lc rgb of(SERIES, i) lw 1.5, \
     for [i = 1:N_SERIES] 'samples.dat' index i - 1 using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb fill(i) lw (IS_STACKED ? 9 : 2) dt dash(i), \
     'leaders.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb FAINT lw 0.8, \
     'gaps.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb PALE lw 1.2 dt (2, 4), \
     'arrows.dat' using 1:2:($3 - $1):($4 - $2) with vectors head size 9, 25 lc rgb FIGURE lw 1.4, \
     'ways.dat' using 1:2:($3 - $1):($4 - $2) with vectors head size 9, 25 lc rgb PALE lw 1, \
     'figures.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb FIGURE lw 3.5, \
     'through.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb FIGURE lw 1.2 dt (8, 5), \
     'grains.dat' using 1:2 with points pt 7 ps 0.35 * POINT lc rgb FAINT, \
     'thin.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb DATA lw 0.9, \
     'studies.dat' using 1:2 with points pt 7 ps 0.8 * POINT lc rgb FAINT, \
     'intervals.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb DATA lw 2.4, \
     'hollow.dat' using 1:2 with points pt 7 ps 1.7 * POINT lc rgb PAPER, \
     'hollow.dat' using 1:2 with points pt 6 ps 1.6 * POINT lc rgb DATA lw 1.6, \
     'dots.dat' using 1:2 with points pt 7 ps 1.7 * POINT lc rgb DATA, \
     'quoted.dat' using (X(1, $1)):(Y(1, $2)) with points pt 13 ps 1.6 * POINT lc rgb FIGURE, \
     'key_few.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb INK lw 2, \
     'key_few.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb PAPER lw 1.2, \
     'key_band.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs transparent solid 0.2 noborder fc rgb INK, \
     'key_median.dat' using 1:2 with points pt 6 ps 1.3 * POINT lc rgb INK lw 1.5, \
     'key_censored.dat' using 1:2 with points pt 1 ps POINT lc rgb INK lw 1.2, \
     'key_quoted.dat' using 1:2 with points pt 13 ps 1.6 * POINT lc rgb FIGURE, \
     'title.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(20) tc rgb INK noenhanced, \
     'panels.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(18) tc rgb INK noenhanced, \
     'strong.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(15.5) tc rgb INK noenhanced, \
     'faint.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(15.5) tc rgb PALE noenhanced, \
     'text.dat' using 1:2:3 with labels left font FONT tc rgb PALE noenhanced, \
     'small.dat' using 1:2:3 with labels left font FACE.SIZE(12) tc rgb PALE noenhanced, \
     'legend.dat' using 1:2:3 with labels left font FONT tc rgb INK noenhanced, \
     'plates.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs transparent solid 0.8 noborder fc rgb PAPER, \
     'words.dat' using 1:2:3 with labels left font FONT tc rgb FIGURE noenhanced, \
     'says.dat' using 1:2:3 with labels center font FACE.':Bold'.SIZE(15) tc rgb FIGURE noenhanced, \
     'found.dat' using 1:2:3 with labels center font FACE.':Bold'.SIZE(15) tc rgb DATA noenhanced, \
     'tics.dat' using 1:2:3 with labels center font FACE.SIZE(14) tc rgb PALE noenhanced, \
     'marks.dat' using 1:2:3 with labels right font FACE.SIZE(14) tc rgb PALE noenhanced, \
     'counts.dat' using 1:2:3 with labels center font FONT tc rgb INK noenhanced, \
     'few.dat' using 1:2:3 with labels center font FONT tc rgb PALE noenhanced, \
     'shares.dat' using ($3 < TURN ? $1 : 1e9):2:4 with labels center font FONT tc rgb LOW noenhanced, \
     'shares.dat' using ($3 < TURN ? 1e9 : $1):2:4 with labels center font FONT tc rgb HIGH noenhanced, \
     'right.dat' using 1:2:3 with labels right font FONT tc rgb INK noenhanced, \
     for [i = 1:N_SERIES] 'names.dat' index i - 1 using 1:2:3 with labels left font FONT tc rgb said(i) noenhanced, \
     for [i = 1:N_SERIES] 'rows.dat' index i - 1 using 1:2:3 with labels left font FONT tc rgb said(i) noenhanced
