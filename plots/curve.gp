# Survival curves with bands, and the numbers at risk on the same axis by construction: the table's rows are points below
# zero of the one y axis. Reads settings.gp (numbers only), steps.dat, bands.dat, labels.dat; all text is data.
TERMINAL = terminal_of(860, 400 * (TOP - BOTTOM))
set terminal @TERMINAL noenhanced
set output OUTPUT

# Okabe-Ito, readable with every kind of colour vision; line types tell the curves apart in grey.
array COLOR[12] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D1F", "#0072B2", "#D55E00", "#009E73", "#CC79A7"]

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
set xrange [LEFT * X_MAX : RIGHT * X_MAX]
set yrange [BOTTOM : TOP]

set style line 100 lc rgb "#DDDDDD" lw 0.7
do for [i = 0:5] { set arrow from 0, 0.2 * i to X_MAX, 0.2 * i nohead ls 100 back }
set arrow from 0, 0 to X_MAX, 0 nohead lc rgb "#444444" lw 1
set arrow from 0, 0 to 0, 1 nohead lc rgb "#444444" lw 1
do for [i = 0:int(X_MAX / TIC + 1e-9)] { set arrow from i * TIC, 0 to i * TIC, -0.012 nohead lc rgb "#444444" lw 1 }

plot for [i = 1:N_SERIES] 'bands.dat' index i - 1 using 1:2:3 with filledcurves lc rgb COLOR[i] fs transparent solid SHADE noborder, \
     for [i = 1:N_SERIES] 'steps.dat' index i - 1 using 1:2 with lines lc rgb COLOR[i] lw 2 dt i, \
     for [i = 1:N_SERIES] 'steps.dat' index i - 1 using 1:3 with lines lc rgb "#FFFFFF" lw 1.2 dt 1, \
     for [i = 1:N_SERIES] 'censored.dat' index i - 1 using 1:2 with points pt 1 ps POINT lc rgb COLOR[i] lw 1.2, \
     for [i = 1:N_SERIES] 'medians.dat' index i - 1 using 1:2 with points pt 6 ps 1.3 * POINT lc rgb COLOR[i] lw 1.5, \
     'leaders.dat' using 1:2 with lines lc rgb "#444444" lw 0.8, \
     'figures.dat' using 1:2 with points pt 13 ps 1.3 * POINT lc rgb "#000000", \
     'words.dat' using 1:2:3 with labels left font FONT tc rgb "#000000" noenhanced, \
     'title.dat' using 1:2:3 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using 1:2:3 with labels left font FONT tc rgb "#555555" noenhanced, \
     'left.dat' using 1:2:3 with labels left font FONT noenhanced, \
     'right.dat' using 1:2:3 with labels right font FONT noenhanced, \
     'centre.dat' using 1:2:3 with labels center font FONT noenhanced, \
     'pale.dat' using 1:2:3 with labels center font FONT tc rgb "#999999" noenhanced, \
     for [i = 1:N_SERIES] 'names.dat' index i - 1 using 1:2:3 with labels left font FONT tc rgb COLOR[i] noenhanced, \
     for [i = 1:N_SERIES] 'rows.dat' index i - 1 using 1:2:3 with labels right font FONT tc rgb COLOR[i] noenhanced
