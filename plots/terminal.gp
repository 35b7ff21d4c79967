# What every chart begins with: the numbers of settings.gp, how data files are written, fonts, and the terminal of each format.
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
set margins 1, 1, 0.5, 0.5

# A PNG has twice the pixels of an SVG, and a PDF 40 of them to the centimetre.
FACE = 'Liberation Sans'
FONT = FACE.(FORMAT eq 'png' ? ',28' : FORMAT eq 'pdf' ? ',10' : ',14')
FONT_TITLE = FACE.(FORMAT eq 'png' ? ',38' : FORMAT eq 'pdf' ? ',13.5' : ',19')
POINT = FORMAT eq 'png' ? 1.6 : FORMAT eq 'pdf' ? 0.6 : 0.8
terminal_of(w, h) = FORMAT eq 'png' ? sprintf('pngcairo size %d,%d font "%s" linewidth 2', int(2 * w + 0.01), 2 * int(h + 0.01), FONT) : \
                    FORMAT eq 'pdf' ? sprintf('pdfcairo size %.2fcm,%.2fcm font "%s"', w / 40.0, h / 40.0, FONT) : \
                                      sprintf('svg size %d,%d dynamic background "#ffffff" font "%s"', int(w + 0.01), int(h + 0.01), FONT)
OUTPUT = 'chart.'.FORMAT
