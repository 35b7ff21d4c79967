# The cells of heat maps. Light to dark in one hue reads in grey and for every kind of colour vision.
set cbrange [0 : 1]
set palette defined (0 "#F7FBFF", 0.5 "#6BAED6", 1 "#08306B")
X(column) = column + 0.5
Y(row) = -row - 0.5
LINE(n) = n == 1 ? -0.18 : 0.16 # two lines of words in a cell

plot 'heat.dat' using (X($1)):(Y($2)):(0.48):(0.46):3 with boxxyerror fs solid 1 noborder lc palette, \
     'grey.dat' using (X($1)):(Y($2)):(0.48):(0.46) with boxxyerror fs solid 1 noborder fc rgb "#EEEEEE", \
     'title.dat' using (LEFT + 0.1):(TOP - 0.33):1 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using (LEFT + 0.1):(TOP - 0.693):1 with labels left font FONT tc rgb "#555555" noenhanced, \
     'columns.dat' using (X($1)):(0.3):2 with labels center font FONT tc rgb "#222222" noenhanced, \
     'rows.dat' using (-0.1):(Y($1)):2 with labels right font FONT tc rgb "#222222" noenhanced, \
     'dark.dat' using (X($1)):(Y($2) + LINE($3)):4 with labels center font FONT tc rgb "#222222" noenhanced, \
     'light.dat' using (X($1)):(Y($2) + LINE($3)):4 with labels center font FONT tc rgb "#FFFFFF" noenhanced, \
     'pale.dat' using (X($1)):(Y($2) + LINE($3)):4 with labels center font FONT tc rgb "#777777" noenhanced
