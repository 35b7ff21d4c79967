# A rate by a number, such as the year of diagnosis: dots with intervals, joined. Reads settings.gp (numbers only) and data files; all text is data.
TERMINAL = terminal_of(860, 560)
set terminal @TERMINAL noenhanced
set output OUTPUT

set xrange [LEFT : RIGHT]
set yrange [-0.24 : 1.26]

DATA = "#0072B2"
plot 'grid.dat' using 1:2:3:(0) with vectors nohead lc rgb "#DDDDDD" lw 0.7, \
     'data.dat' using 1:2 with lines lc rgb DATA lw 1, \
     'data.dat' using 1:2:3:4 with yerrorbars pt 0 lc rgb DATA lw 2, \
     'data.dat' using 1:2 with points pt 7 ps POINT lc rgb DATA, \
     'few.dat' using 1:2:3:4 with yerrorbars pt 0 lc rgb "#999999" lw 1.5, \
     'few.dat' using 1:2 with points pt 6 ps POINT lc rgb "#999999" lw 1.5, \
     'title.dat' using 1:2:3 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using 1:2:3 with labels left font FONT tc rgb "#555555" noenhanced, \
     'left.dat' using 1:2:3 with labels left font FONT tc rgb "#222222" noenhanced, \
     'right.dat' using 1:2:3 with labels right font FONT tc rgb "#444444" noenhanced, \
     'centre.dat' using 1:2:3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'pale.dat' using 1:2:3 with labels center font FONT tc rgb "#888888" noenhanced
