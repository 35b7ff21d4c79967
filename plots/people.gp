# A hundred people as a hundred squares, one crowd beside the other. The sheet.
LEFT = -0.5
TOP = 4.6
BOTTOM = -13.6
PIXELS = 27
N_COLUMNS = 12 * N_CROWDS
