# Quoted figures beside the data: shares and medians in one panel, verdicts in words. The sheet; dots.gp draws.
LEFT = -1.32
RIGHT = 2.02
WIDTH = 1240
TOP = 4.0
LINE = 0.75
BOTTOM = -N_ROWS - 2.8

array PANEL[2] = [0, 0]
array WIDE[2] = [1, 1]
array WORDS[2] = [1.04, 1.04]
COUNTS = 0
INDENT = 0.04
