# A rate by a number, such as the year of diagnosis: dots with intervals, joined. The numbers reach from FROM over SPAN; all text is data.
LEFT = FROM - 0.13 * SPAN
RIGHT = FROM + 1.06 * SPAN
TERMINAL = terminal_of(860, 560)
set terminal @TERMINAL noenhanced
set output OUTPUT
set xrange [LEFT : RIGHT]
set yrange [-0.24 : 1.26]

do for [i = 0:5] {
    set arrow from FROM - 0.04 * SPAN, 0.2 * i to FROM + 1.04 * SPAN, 0.2 * i nohead lc rgb "#DDDDDD" lw 0.7 back
    set label sprintf('%d %%', 20 * i) at FROM - 0.05 * SPAN, 0.2 * i right font FONT tc rgb "#444444" noenhanced
}
set label 'n' at LEFT, -0.17 left font FONT tc rgb "#222222" noenhanced

DATA = "#0072B2"
plot 'data.dat' using 1:2 with lines lc rgb DATA lw 1, \
     'data.dat' using 1:2:3:4 with yerrorbars pt 0 lc rgb DATA lw 2, \
     'data.dat' using 1:2 with points pt 7 ps POINT lc rgb DATA, \
     'few.dat' using 1:2:3:4 with yerrorbars pt 0 lc rgb "#999999" lw 1.5, \
     'few.dat' using 1:2 with points pt 6 ps POINT lc rgb "#999999" lw 1.5, \
     'title.dat' using (LEFT):(1.2):1 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using (LEFT):(1.12):1 with labels left font FONT tc rgb "#555555" noenhanced, \
     'levels.dat' using 1:(-0.045 - $2):3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'counts.dat' using 1:(-0.17 - $2):3 with labels center font FONT tc rgb "#444444" noenhanced, \
     'few_counts.dat' using 1:(-0.17 - $2):3 with labels center font FONT tc rgb "#888888" noenhanced
