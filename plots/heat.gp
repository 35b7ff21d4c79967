# Heat maps: a cell for each row and column, as dark as its share. The sheet.
LEFT = -2.6
TOP = 1.75
BOTTOM = -N_ROWS - 0.1
PIXELS = 105
