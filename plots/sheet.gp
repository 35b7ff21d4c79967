# Sheets of rows and boxes: context, spread, flow. x and y are pixels, y downward: where things stand, C says; how they look, this does.
TERMINAL = terminal_of(WIDTH, HEIGHT)
set terminal @TERMINAL noenhanced
set output OUTPUT
set xrange [0 : WIDTH]
set yrange [HEIGHT : 0]
set lmargin 0
set rmargin 0
set tmargin 0
set bmargin 0

SIZE(n) = sprintf(',%.4g', FORMAT eq 'png' ? 1.5 * n : FORMAT eq 'pdf' ? 0.72 * n : n)
# pngcairo counts in points of 4/3 pixels, and its sheet has twice the pixels.
# Okabe-Ito: data blue, figures vermilion (darker in words, for contrast); shapes tell them apart in grey.
DATA = "#0072B2"
FIGURE = "#B34700"
INK = "#222222"
PALE = "#555555"
plot 'rules.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#EAEAEA" lw 0.8, \
     'grid.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#DDDDDD" lw 0.8, \
     'bands.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs solid 0.3 noborder fc rgb FIGURE, \
     'boxes.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs empty lc rgb "#777777" lw 1, \
     'bars.dat' using (($1 + $3) / 2):(($2 + $4) / 2):1:3:2:4 with boxxyerror fs solid 0.55 noborder fc rgb DATA, \
     'gaps.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb PALE lw 1.2 dt (2, 4), \
     'arrows.dat' using 1:2:($3 - $1):($4 - $2) with vectors head size 9, 25 lc rgb FIGURE lw 1.4, \
     'ways.dat' using 1:2:($3 - $1):($4 - $2) with vectors head size 9, 25 lc rgb PALE lw 1, \
     'figures.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb FIGURE lw 3.5, \
     'grains.dat' using 1:2 with points pt 7 ps 0.35 * POINT lc rgb "#C4C4C4", \
     'ways_thin.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb DATA lw 0.9, \
     'line_1.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#0072B2" lw 2, \
     'line_2.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#D55E00" lw 2, \
     'line_3.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#009E73" lw 2, \
     'line_4.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#CC79A7" lw 2, \
     'line_5.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#222222" lw 2, \
     'line_6.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb "#8C6D00" lw 2, \
     'studies.dat' using 1:2 with points pt 7 ps 0.8 * POINT lc rgb "#888888", \
     'intervals.dat' using 1:2:($3 - $1):($4 - $2) with vectors nohead lc rgb DATA lw 2.4, \
     'hollow.dat' using 1:2 with points pt 7 ps 1.7 * POINT lc rgb "#FFFFFF", \
     'hollow.dat' using 1:2 with points pt 6 ps 1.6 * POINT lc rgb DATA lw 1.6, \
     'dots.dat' using 1:2 with points pt 7 ps 1.7 * POINT lc rgb DATA, \
     'title.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(20) tc rgb INK noenhanced, \
     'panels.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(18) tc rgb INK noenhanced, \
     'strong.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(15.5) tc rgb INK noenhanced, \
     'faint.dat' using 1:2:3 with labels left font FACE.':Bold'.SIZE(15.5) tc rgb "#6B6B6B" noenhanced, \
     'text.dat' using 1:2:3 with labels left font FACE.SIZE(14.5) tc rgb PALE noenhanced, \
     'legend.dat' using 1:2:3 with labels left font FACE.SIZE(14.5) tc rgb INK noenhanced, \
     'says.dat' using 1:2:3 with labels center font FACE.':Bold'.SIZE(15) tc rgb FIGURE noenhanced, \
     'found.dat' using 1:2:3 with labels center font FACE.':Bold'.SIZE(15) tc rgb DATA noenhanced, \
     'tics.dat' using 1:2:3 with labels center font FACE.SIZE(14) tc rgb PALE noenhanced
