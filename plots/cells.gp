# Squares and rectangles with text: heat maps, and a hundred people as a hundred squares. Positions are in cells; y counts downward. Reads settings.gp (numbers only) and
# data files; all text is data.
TERMINAL = terminal_of((RIGHT - LEFT) * PIXELS, (TOP - BOTTOM) * PIXELS)
set terminal @TERMINAL noenhanced
set output OUTPUT

set xrange [LEFT : RIGHT]
set yrange [BOTTOM : TOP]

# Light to dark in one hue reads in grey and for every kind of colour vision.
set cbrange [0 : 1]
set palette defined (0 "#F7FBFF", 0.5 "#6BAED6", 1 "#08306B")
# People: alive, dead of the cancer, dead of other causes, dead.
array FILL[4] = ["#56B4E9", "#D55E00", "#999999", "#555555"]

plot 'heat.dat' using 1:2:(0.48):(0.46):3 with boxxyerror fs solid 1 noborder lc palette, \
     'grey.dat' using 1:2:(0.48):(0.46) with boxxyerror fs solid 1 noborder fc rgb "#EEEEEE", \
     for [k = 1:4] 'people.dat' using ($3 == k ? $1 : NaN):2:(0.42):(0.42) with boxxyerror fs solid 1 noborder fc rgb FILL[k], \
     'title.dat' using 1:2:3 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using 1:2:3 with labels left font FONT tc rgb "#555555" noenhanced, \
     'left.dat' using 1:2:3 with labels left font FONT tc rgb "#222222" noenhanced, \
     'right.dat' using 1:2:3 with labels right font FONT tc rgb "#222222" noenhanced, \
     'centre.dat' using 1:2:3 with labels center font FONT tc rgb "#222222" noenhanced, \
     'light.dat' using 1:2:3 with labels center font FONT tc rgb "#FFFFFF" noenhanced, \
     'pale.dat' using 1:2:3 with labels center font FONT tc rgb "#777777" noenhanced
