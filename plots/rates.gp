# Rates by stratum: names and numbers of people, survival at a horizon, the median; quoted figures as lines. The sheet; dots.gp draws.
LEFT = -0.98
RIGHT = 3.0
WIDTH = 1300
TOP = 4.0
LINE = 0.75 # between the words of figures, below the rows
BOTTOM = -N_ROWS - LINE * N_LINES - 0.6

array PANEL[2] = [0, 1.7]     # where each panel begins,
array WIDE[2] = [1, 0.72]     # how wide it is,
array WORDS[2] = [1.04, 2.46] # and where its numbers stand in words
COUNTS = -0.12
INDENT = 0
