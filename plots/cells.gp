# Charts of squares: the sheet is as wide as its cells, or as the CHARACTERS of its subtitle; y counts rows downward. The sheet of heat.gp or people.gp stands before
# this, and draws behind it; all text is data.
CHARACTER = 8.8
wide(a, b) = a > b ? a : b
RIGHT = wide(N_COLUMNS, LEFT + 0.4 + CHARACTER * CHARACTERS / PIXELS)
TERMINAL = terminal_of((RIGHT - LEFT) * PIXELS, (TOP - BOTTOM) * PIXELS)
set terminal @TERMINAL noenhanced
set output OUTPUT
set xrange [LEFT : RIGHT]
set yrange [BOTTOM : TOP]
