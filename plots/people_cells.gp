# The squares of crowds: alive, dead of the cancer, dead of other causes, dead. Ten stand in a row.
array FILL[4] = ["#56B4E9", "#D55E00", "#999999", "#555555"]
X(crowd, i) = APART * crowd + int(i) % 10 + 0.5
Y(i) = -int(i / 10) - 0.5

plot for [k = 1:4] 'people.dat' using ($3 == k ? X($1, $2) : NaN):(Y($2)):(0.42):(0.42) with boxxyerror fs solid 1 noborder fc rgb FILL[k], \
     'title.dat' using (LEFT + 0.2):(TOP - 1.2):1 with labels left font FONT_TITLE noenhanced, \
     'subtitle.dat' using (LEFT + 0.2):(TOP - 2.52):1 with labels left font FONT tc rgb "#555555" noenhanced, \
     'heads.dat' using (APART * $1 + 0.1):(0.6 - $2):3 with labels left font FONT tc rgb "#222222" noenhanced, \
     'words.dat' using (APART * $1 + 0.1):(-10.6 - 0.8 * $2):3 with labels left font FONT tc rgb "#222222" noenhanced, \
     'few_people.dat' using (APART * $1 + 5):(-13.2 - $2):3 with labels center font FONT tc rgb "#777777" noenhanced, \
     'hidden.dat' using (APART * $1 + 5):(-5 - $2):3 with labels center font FONT tc rgb "#777777" noenhanced
