# What every chart begins with: the numbers of settings.gp, how data files are written, colours, fonts, and the terminal of each format.
load 'settings.gp'
set datafile separator "\t"
set datafile commentschars ""
set encoding utf8
set border 0
unset key
unset xtics
unset ytics
unset colorbox
set errorbars 0

# Colours by theme. Series are of Okabe and Ito, told apart with every kind of colour vision (in grey by their dashes); words of their colour are darker, 4.5:1 on paper; those in a cell turn round where it is dark.
if (THEME eq 'dark') {
    PAPER = "#16181A"; INK = "#EDEDED"; PALE = "#BDBDBD"; FAINT = "#8F8F8F"; GRID = "#3A3E42"; RULE = "#2E3236"; HIDDEN = "#2A2E32"
    DATA = "#56B4E9"; FIGURE = "#FF9F50"; SERIES = "#56B4E9 #FF9F50 #3CCFA0 #E6A0C8 #F0C040 #9FD8FF #EDEDED #CDB068"; WORDS = SERIES
    AREAS = "#D9822B #8A8F94 #3F7CA8 #B58BC2 #6FA37F #C9B458"; REST = "#2A2E32"; PEOPLE = "#3F7CA8 #D9822B #8A8F94 #B4B4B4"
    BEHIND = "#55595D"; TURN = 0.55; LOW = "#FFFFFF"; HIGH = "#000000"
    set palette defined (0 "#22303A", 0.5 "#2F6F9F", 1 "#9FD8FF")
} else { if (THEME eq 'grey') {
    PAPER = "#FFFFFF"; INK = "#111111"; PALE = "#4A4A4A"; FAINT = "#8C8C8C"; GRID = "#DDDDDD"; RULE = "#EAEAEA"; HIDDEN = "#EEEEEE"
    DATA = "#333333"; FIGURE = "#000000"; SERIES = "#000000 #5A5A5A #8C8C8C #333333 #737373 #A0A0A0 #000000 #5A5A5A"; WORDS = "#000000 #4A4A4A #666666 #333333 #595959 #6B6B6B #000000 #4A4A4A"
    AREAS = "#4A4A4A #9A9A9A #C4C4C4 #707070 #B0B0B0 #858585"; REST = "#F4F4F4"; PEOPLE = "#D0D0D0 #222222 #8C8C8C #444444"
    BEHIND = "#C0C0C0"; TURN = 0.6; LOW = "#000000"; HIGH = "#FFFFFF"
    set palette defined (0 "#FAFAFA", 1 "#222222")
} else {
    PAPER = "#FFFFFF"; INK = "#222222"; PALE = "#555555"; FAINT = "#888888"; GRID = "#DDDDDD"; RULE = "#EAEAEA"; HIDDEN = "#EEEEEE"
    DATA = "#0072B2"; FIGURE = "#B34700"; SERIES = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #222222 #8C6D1F"; WORDS = "#0072B2 #B34700 #00704F #9A3F72 #8A5F00 #1A6A96 #222222 #6E5518"
    AREAS = "#B34700 #E9A15B #7FA9C9 #B58BC2 #7FB394 #D8C26A"; REST = "#EDF3F7"; PEOPLE = "#56B4E9 #D55E00 #999999 #555555"
    BEHIND = "#C0C0C0"; TURN = 0.7; LOW = "#000000"; HIGH = "#FFFFFF"
    set palette defined (0 "#F7FBFF", 0.5 "#6BAED6", 1 "#08306B")
} }
# The i-th of a list, which begins again behind its end.
of(list, i) = word(list, (i - 1) % words(list) + 1)

# A PNG has DPI / 96 dots to the pixel; a PDF is as large on paper as the pixels say, 96 to the inch. SIZE: of a font, in pixels.
FACE = 'Liberation Sans'
DOTS = FORMAT eq 'png' ? DPI / 96.0 : 1
SIZE(n) = sprintf(',%.4g', FORMAT eq 'png' ? 0.75 * DOTS * n : FORMAT eq 'pdf' ? 0.75 * n : n)
POINT = FORMAT eq 'png' ? 0.8 * DOTS : FORMAT eq 'pdf' ? 0.6 : 0.8
FONT = FACE.SIZE(14.5)
# On a page that is dark an SVG without a ground turns its colours round by itself.
GROUND = THEME eq 'screen' ? '' : sprintf('background "%s"', PAPER)
terminal_of(w, h) = FORMAT eq 'png' ? sprintf('pngcairo size %d,%d font "%s" linewidth %.4g background "%s"', int(DOTS * w + 0.5), int(DOTS * h + 0.5), FONT, DOTS, PAPER) : \
                    FORMAT eq 'pdf' ? sprintf('pdfcairo size %.4fin,%.4fin font "%s" background "%s"', w / 96.0, h / 96.0, FONT, PAPER) : \
                                      sprintf('svg size %d,%d dynamic %s font "%s"', int(w + 0.01), int(h + 0.01), GROUND, FONT)
OUTPUT = 'chart.'.FORMAT
