# Rows of dots with intervals, one below the other, beside text: rates by stratum, quoted figures beside the data's. The y axis counts rows downward from 0; x is 0 to 1 in
# each panel. Reads settings.gp (numbers only) and data files; all text is data.
load 'settings.gp'
set datafile separator "\t"
set datafile commentschars ""
set encoding utf8
set terminal @TERMINAL noenhanced
set output OUTPUT

set border 0
unset key
unset xtics
unset ytics
set errorbars 0
set margins 1, 1, 0.5, 0.5
set xrange [LEFT : RIGHT]
set yrange [BOTTOM : TOP]

# Okabe-Ito: data blue, figures vermilion; shapes tell them apart in grey.
DATA = "#0072B2"
FIGURE = "#D55E00"
plot 'bands.dat' using 1:2:1:3:2:4 with boxxyerror fs solid 1 noborder fc rgb "#E9E9E9", \
     'grid.dat' using 1:2:(0):4 with vectors nohead lc rgb "#DDDDDD" lw 0.7, \
     'refs.dat' using 1:2:(0):4 with vectors nohead lc rgb FIGURE lw 1.2 dt (8, 5), \
     'rounding.dat' using 1:3:2:4:($3 - 0.12):($3 + 0.12) with boxxyerror fs solid 0.35 noborder fc rgb FIGURE, \
     'intervals.dat' using 1:3:2:4 with xerrorbars pt 0 lc rgb DATA lw 2, \
     'data.dat' using 1:2 with points pt 7 ps 0.9 * POINT lc rgb DATA, \
     'few.dat' using 1:2 with points pt 6 ps 0.9 * POINT lc rgb DATA lw 1.5, \
     'figures.dat' using 1:2 with points pt 13 ps 1.3 * POINT lc rgb FIGURE, \
     'title.dat' using 1:2:3 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using 1:2:3 with labels left font FONT tc rgb "#555555" noenhanced, \
     'heads.dat' using 1:2:3 with labels left font FONT tc rgb "#000000" noenhanced, \
     'left.dat' using 1:2:3 with labels left font FONT tc rgb "#333333" noenhanced, \
     'pale.dat' using 1:2:3 with labels left font FONT tc rgb "#888888" noenhanced, \
     'centre.dat' using 1:2:3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'right.dat' using 1:2:3 with labels right font FONT tc rgb "#333333" noenhanced
