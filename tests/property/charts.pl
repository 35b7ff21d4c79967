#!/usr/bin/perl
# Every number that gnuplot draws is the number of the table of the same command: the kept data files of each kind of
# chart against CSV, the sheet's scales undone by its own axes.
# usage: charts.pl LUSTRUM SHARED    TAP on standard output
use strict;
use warnings;
$ENV{COLUMNS} = 1000; # a row of text is one line
use Cwd "abs_path";
use FindBin;
use lib $FindBin::Bin;
use Kept;

my $shared;
($Kept::lustrum, $shared) = @ARGV;
$Kept::lustrum = "./$Kept::lustrum" unless $Kept::lustrum =~ m{/};
$Kept::work = "/tmp/lustrum-charts-$$";
mkdir $Kept::work or die "$Kept::work: $!\n";
END { local $?; system('rm', '-rf', $Kept::work) if $Kept::work }

my $rotterdam = 'datasets/rotterdam.csv';
my $stage4 = 'datasets/stage4.csv';
my $datasets = abs_path('datasets');
my @us = ('--lifetable', 'datasets/lifetables/us.csv');
my %days = (days => 1, weeks => 7, months => 365.25 / 12, years => 365.25);

# --- step curves: curve, net, crude ---

# The unit of the axis, and how many of the file's units it has.
sub axis_of {
    my ($kept, $unit) = @_;
    my ($label) = grep { $_->{text} =~ / since / } labels($kept, 'tics.dat', 'text.dat');
    my ($name) = $label->{text} =~ /(\w+) since/;
    return ($name, $days{$name} / $days{$unit});
}

# The height of a step curve at x, from its vertices [x, y...]; column: which y.
sub height_at {
    my ($x, $column, @vertices) = @_;
    my $y;
    for (@vertices) { last if $_->[0] > $x * (1 + 1e-9) + 1e-12; $y = $_->[$column] }
    return $y;
}

# Drawn vertices against rows {x, y}: each vertex is a row's, each row is drawn to half a pixel.
sub wrong_steps {
    my ($what, $column, $x_max, $start, $vertices, @rows) = @_;
    my @wrong;
    my @all = ({x => 0, y => $start}, grep { $_->{x} <= $x_max * (1 + 1e-9) } @rows);
    push @wrong, "$what begins at $vertices->[0][$column], not $start" unless near($vertices->[0][$column], $start) && $vertices->[0][0] == 0;
    my $k = 0;
    for my $i (1 .. $#$vertices) {
        my ($x, $y) = @{$vertices->[$i]}[0, $column];
        next if $i < $#$vertices && near($vertices->[$i + 1][0], $x); # before the step
        $k++ while $k < $#all && $all[$k + 1]{x} <= $x * (1 + 1e-9);
        push @wrong, "$what: nothing happens at $x" unless near($all[$k]{x}, $x) || near($x, $x_max);
        push @wrong, "$what at $x is drawn at $y, the table has $all[$k]{y}" unless near($y, $all[$k]{y})
            || ($i == $#$vertices && near($x, $x_max) && abs($y - $all[$k]{y}) < 0.00101); # cut off: as it was drawn last
    }
    for my $i (0 .. $#all) {
        my $drawn = height_at($all[$i]{x}, $column, @$vertices);
        my @here = grep { abs($all[$_]{x} - $all[$i]{x}) <= $x_max / 1199 } ($i > 20 ? $i - 20 : 0) .. ($i + 20 < $#all ? $i + 20 : $#all);
        push @wrong, "$what: $all[$i]{y} at $all[$i]{x} is not drawn" unless grep { abs($all[$_]{y} - $drawn) < 0.00101 } @here, $here[0] ? $here[0] - 1 : 0;
    }
    my $end = $rows[-1]{x} > $x_max ? $x_max : $rows[-1]{x};
    push @wrong, "$what ends at $vertices->[-1][0], not $end" unless near($vertices->[-1][0], $end);
    return @wrong;
}

# Rows of a table as {x, y, low, high, few}: from the first that is available to the last.
sub steps_of {
    my ($factor, $value, @rows) = @_;
    my @out;
    for (@rows) {
        last if $_->{$value} eq '' && @out;
        next if $_->{$value} eq '';
        push @out, {x => $_->{time} / $factor, y => $_->{$value}, low => $_->{conf_low} eq '' ? $_->{$value} : $_->{conf_low},
                    high => $_->{conf_high} eq '' ? $_->{$value} : $_->{conf_high}, at_risk => $_->{at_risk}};
    }
    return @out;
}

# A curve with its band; few_from: where its line grows lighter.
sub wrong_curve {
    my ($what, $kept, $i, $few_from, @rows) = @_;
    my @steps = @{(blocks($kept, 'steps.dat'))[$i]};
    my @bands = @{(blocks($kept, 'bands.dat'))[$i]};
    my $x_max = $kept->{X_MAX};
    my @wrong = (wrong_steps("$what: the curve", 1, $x_max, 1, \@steps, @rows),
                 wrong_steps("$what: the lower limit", 1, $x_max, 1, \@bands, map { {x => $_->{x}, y => $_->{low}} } @rows),
                 wrong_steps("$what: the upper limit", 2, $x_max, 1, \@bands, map { {x => $_->{x}, y => $_->{high}} } @rows));
    @wrong = grep { !/limit ends/ } @wrong; # a band ends with its last row
    for (@steps) {
        my $is_few = $_->[0] >= $few_from * (1 - 1e-9);
        push @wrong, "$what at $_->[0] is " . ($is_few ? 'not lightened' : 'lightened') if ($_->[2] ne 'NaN') != $is_few;
        push @wrong, "$what at $_->[0]: the lighter core is elsewhere" if $_->[2] ne 'NaN' && $_->[2] ne $_->[1];
    }
    return @wrong;
}

# The names at the ends of the curves.
sub wrong_names {
    my ($kept, @names) = @_;
    my @drawn = map { join ' ', map { $_->[2] } @$_ } grep { @$_ } blocks($kept, 'names.dat');
    return join('|', @drawn) eq join('|', @names) ? () : "the names are @drawn, not @names";
}

# What stands in a panel at a place in pixels.
sub x_of { my ($kept, $p, $x) = @_; return ($x - $kept->{PANEL_LEFT}[$p]) / $kept->{ACROSS} }
sub y_of { my ($kept, $p, $y) = @_; return ($kept->{PANEL_BOTTOM}[$p] - $y) / $kept->{UP} }
# The panel whose axis a label of a tic or count belongs to: of those above it, in whose width it stands, the last.
sub panel_of {
    my ($kept, $label) = @_;
    my $room = 1e-6 + $kept->{X_MAX} * $kept->{ACROSS};
    my @above = grep { $kept->{PANEL_BOTTOM}[$_] < $label->{y} && $label->{x} >= $kept->{PANEL_LEFT}[$_] - 1e-6 && $label->{x} <= $kept->{PANEL_LEFT}[$_] + $room } 0 .. $#{$kept->{PANEL_LEFT}};
    return (sort { $kept->{PANEL_BOTTOM}[$a] <=> $kept->{PANEL_BOTTOM}[$b] } @above)[-1];
}
# The numbers of the time axis of a panel.
sub tic_labels {
    my ($kept, $p) = @_;
    return grep { $_->{text} =~ /^[\d.]+$/ && abs($_->{y} - $kept->{PANEL_BOTTOM}[$p] - 15) < 1e-6 && $_->{x} >= $kept->{PANEL_LEFT}[$p] - 1e-6 &&
        $_->{x} <= $kept->{PANEL_LEFT}[$p] + $kept->{X_MAX} * $kept->{ACROSS} + 1e-6 } labels($kept, 'tics.dat');
}

# The percent marks and the tics stand where their words say, in each panel.
sub wrong_axes {
    my ($kept) = @_;
    my @wrong;
    my @marks = grep { $_->{text} =~ /%$/ } labels($kept, 'marks.dat');
    my %rows = map { ($kept->{PANEL_BOTTOM}[$_] => $_) } 0 .. $#{$kept->{PANEL_BOTTOM}};
    push @wrong, 'there are ' . @marks . ' percent marks' unless @marks == 6 * keys %rows;
    for my $mark (@marks) {
        my $share = ($mark->{text} =~ s/ %//r) / 100;
        push @wrong, "$mark->{text} stands at $mark->{y}" unless grep { near(y_of($kept, $_, $mark->{y}), $share) } values %rows;
    }
    for my $p (0 .. $#{$kept->{PANEL_LEFT}}) {
        my @tics = tic_labels($kept, $p);
        push @wrong, "no tics in panel $p" unless @tics > 2;
        for (@tics) { push @wrong, "the tic $_->{text} stands at $_->{x}" unless abs(x_of($kept, $p, $_->{x}) - $_->{text}) < 1e-6 }
    }
    return @wrong;
}

# The numbers below the axes: by series and block of the table (at risk, censored, events), by tic.
sub numbers_below {
    my ($kept) = @_;
    my (@rows, @found);
    for my $label (grep { $_->{text} =~ /^[<\d.–]+$/ } labels($kept, 'counts.dat', 'few.dat')) {
        my $p = panel_of($kept, $label);
        $rows[$p]{$label->{y}}{sprintf '%.6g', x_of($kept, $p, $label->{x})} = $label;
    }
    my $n = grep { @$_ } blocks($kept, 'steps.dat');
    for my $p (0 .. $#rows) {
        my @here = map { $rows[$p]{$_} } sort { $a <=> $b } keys %{$rows[$p]};
        my $each = @rows > 1 ? 1 : @here % $n ? @here : $n; # series that have a row in a block
        for my $i (0 .. $#here) { $found[@rows > 1 ? $p : $i % $each][int($i / $each)] = $here[$i] }
    }
    return @found;
}
# What the template makes of them: in the SVG, vertices of the curves stand where the words of both axes say, but for half a line of words.
sub wrong_lines {
    my ($kept) = @_;
    my $svg = Kept::text("$kept->{folder}.svg");
    my (%at, @points, @wrong);
    $at{$3} //= [$1, $2] while $svg =~ /translate\(([-\d.]+),([-\d.]+)\)"[^>]*>\s*<text>([^<]*)</g;
    push @points, [$1, $2] while $svg =~ /[ML]([\d.]+),([\d.]+)/g;
    my @tics = grep { $at{$_} } tics_of($kept);
    my ($left, $right, $low, $high) = ($at{$tics[0]}[0], $at{$tics[-1]}[0], $at{'0 %'}[1], $at{'100 %'}[1]);
    my ($corner) = grep { abs($_->[0] - $left) < 0.02 && abs($_->[1] - $high) < 9 } @points;
    return 'the picture has no axes' unless $corner && $right > $left && $low > $high;
    my $first = $kept->{PANEL_LEFT};
    my @steps = blocks($kept, 'steps.dat');
    for my $k (grep { @{$steps[$_]} } 0 .. $#steps) {
        my ($vertices, $p) = ($steps[$k], $kept->{PANEL_OF}[$k] - 1);
        my ($aside, $down) = ($first->[$p] - $first->[0], $kept->{PANEL_BOTTOM}[$p] - $kept->{PANEL_BOTTOM}[0]);
        for my $i (map { int($_ * $#$vertices / 20) } 1 .. 20) {
            my $x = $left + ($right - $left) * ($vertices->[$i][0] - $tics[0]) / ($tics[-1] - $tics[0]) + $aside;
            my $y = $corner->[1] + ($low - $high) * (1 - $vertices->[$i][1]) + $down;
            push @wrong, "no line comes by $x $y for @{$vertices->[$i]}" unless grep { abs($_->[0] - $x) < 0.03 && abs($_->[1] - $y) < 0.03 } @points;
        }
    }
    return @wrong;
}
sub tics_of { my ($kept) = @_; return sort { $a <=> $b } map { 0 + $_->{text} } tic_labels($kept, 0) }

# expected: by series, [block][tic].
sub wrong_numbers {
    my ($kept, $names, @expected) = @_;
    my (@wrong, @tics);
    @tics = tics_of($kept);
    my @found = numbers_below($kept);
    for my $s (0 .. $#expected) {
        for my $b (0 .. $#{$expected[$s]}) {
            for my $k (0 .. $#tics) {
                my ($label, $want) = ($found[$s][$b]{$tics[$k]}, $expected[$s][$b][$k]);
                next unless defined $want;
                my $is_pale = $b == 0 && $want < 10;
                push @wrong, "$names->[$s], row $b at $tics[$k]: " . ($label ? $label->{text} : 'nothing') . ", not $want" unless $label && $label->{text} eq $want;
                push @wrong, "$names->[$s], row $b at $tics[$k]: lightened or not" if $label && ($label->{file} eq 'few.dat') != $is_pale;
            }
        }
    }
    return @wrong;
}

sub wrong_medians {
    my ($kept, $factor, @rates) = @_;
    my (@wrong, @drawn);
    @drawn = blocks($kept, 'medians.dat');
    for my $i (0 .. $#rates) {
        my ($point) = @{$drawn[$i]};
        my $median = $rates[$i]{median};
        my $is_drawn = $median ne '' && $median / $factor <= $kept->{X_MAX};
        push @wrong, "median $i: drawn or not" if !!$point != !!$is_drawn;
        push @wrong, "median $i at @$point, not $median" if $point && $is_drawn && !(near($point->[0], $median / $factor) && near($point->[1], 0.5));
    }
    return @wrong;
}

# Marks of censoring: each where somebody is censored, on the curve; all of them where there are any.
sub wrong_censorings {
    my ($kept, $factor, $by, @series) = @_;
    my @drawn = blocks($kept, 'censored.dat');
    my @wrong;
    for my $i (0 .. $#series) {
        my @times = map { $_->{time} / $factor } grep { $_->{censored} > 0 } @{$series[$i]};
        my @marks = @{$drawn[$i]};
        my $end = (steps_of($factor, 'survival', @{$series[$i]}))[-1]{x};
        my @seen = @times <= 60 ? grep { $_ <= $kept->{X_MAX} && $_ <= $end * (1 + 1e-12) } @times : ();
        push @wrong, "series $i has " . @marks . ' marks of censoring, not ' . @seen unless @marks == @seen;
        for my $k (0 .. (@marks < @seen ? $#marks : $#seen)) {
            my $y = height_at($seen[$k], 1, map { [$_->{x}, $_->{y}] } {x => 0, y => 1}, steps_of($factor, 'survival', @{$series[$i]}));
            push @wrong, "censored at @{$marks[$k]}, not $seen[$k] $y" unless near($marks[$k][0], $seen[$k]) && near($marks[$k][1], $y);
        }
    }
    return @wrong;
}

# Lists of rows by stratum, in their order.
sub by_stratum {
    my ($by, @rows) = @_;
    my (@names, %rows);
    for (@rows) { my $name = name_of($_, @$by); push @names, $name unless $rows{$name}; push @{$rows{$name}}, $_ }
    return (\@names, map { $rows{$_} } @names);
}

# Where the last rows that all have fewer than ten at risk begin.
sub few_from {
    my ($factor, @rows) = @_;
    my $from = 9e99;
    for (reverse @rows) { last if $_->{at_risk} >= 10; $from = $_->{time} / $factor }
    return $from;
}

sub curve_chart {
    my ($what, $unit, $by, $file, @options) = @_;
    my @read = ($file, (@$by ? ('--by', join ',', @$by) : ()), grep { $_ ne 'extended' } @options);
    my @risk = grep { $_ eq 'extended' } @options;
    my @until = map { $read[$_] =~ /^--(?:until|panels)$/ ? @read[$_, $_ + 1] : () } 0 .. $#read;
    @read = grep { my $o = $_; !grep { $o eq $_ } @until } @read;
    my $kept = draw('curve', @read, @until, map { ('--risk-table', $_) } @risk);
    my ($axis, $factor) = axis_of($kept, $unit);
    my ($names, @series) = by_stratum($by, table('curve', @read));
    my @wrong = map { wrong_curve($names->[$_], $kept, $_, few_from($factor, @{$series[$_]}), steps_of($factor, 'survival', @{$series[$_]})) } 0 .. $#series;
    check("curve, $what: steps, bands, lighter lines", @wrong, @series == (grep { @$_ } blocks($kept, 'steps.dat')) ? () : 'the number of curves');
    check("curve, $what: names", wrong_names($kept, @$names)) if @$names > 1;
    check("curve, $what: axes", wrong_axes($kept));
    check("curve, $what: the picture", wrong_lines($kept));
    my @tics = tics_of($kept);
    my $letter = substr $axis, 0, 1;
    my (undef, @rates) = by_stratum($by, table('rates', @read, '--at', join ',', map { "$_$letter" } @tics));
    my @expected = map { my $s = $_; [[map { $_->{at_risk} } @{$rates[$s]}], !@risk ? () : ([map { my $t = $_ * $factor * (1 + 1e-12); my $n = 0; $_->{time} <= $t and $n += $_->{censored} for @{$series[$s]}; $n } @tics], [map { $_->{events_by} } @{$rates[$s]}])] } 0 .. $#series;
    check("curve, $what: numbers at risk" . (@risk ? ', censored, events' : ''), wrong_numbers($kept, $names, @expected));
    check("curve, $what: medians", wrong_medians($kept, $factor, map { $_->[0] } @rates));
    check("curve, $what: censorings", wrong_censorings($kept, $factor, $by, @series));
}

# Figures that a file of the test's own says: points on the curve's sheet, lines on the rates', diamonds in context.
sub write_figures {
    my $path = "$Kept::work/figures.yaml";
    open my $f, '>', $path or die;
    print $f "documents:\n  d: {title: Test}\nfigures:\n",
        "  - {id: s5, document: d, statistic: survival, at: 5y, value: 0.62, measure: OS, origin: metastasis}\n",
        "  - {id: s2, document: d, statistic: survival, at: 2y, value: 0.7, measure: OS, origin: metastasis}\n",
        "  - {id: m, document: d, statistic: median, value: 30, unit: months, measure: OS, origin: metastasis}\n",
        "  - {id: p, document: d, statistic: proportion, claim: recurrent, value: 0.8, qualifier: more than}\n",
        "  - {id: w, document: d, statistic: survival, at: 5y, value: 0.11, measure: OS, origin: metastasis, where: 'grade == \"3\"'}\n",
        "  - {id: low, statistic: survival, at: 5y, value: 0.2, measure: OS, origin: metastasis, source: A}\n",
        "  - {id: high, statistic: survival, at: 5y, value: 0.44, measure: OS, origin: metastasis, source: B}\n",
        "  - {id: ml, statistic: median, value: 18, unit: months, measure: OS, origin: metastasis, source: A}\n",
        "  - {id: mh, statistic: median, value: 2, unit: years, measure: OS, origin: metastasis, source: B}\n";
    close $f;
    return $path;
}
my $figures = write_figures();

sub same_points {
    my ($what, $drawn, $want) = @_;
    my @drawn = sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] } @$drawn;
    my @want = sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] } @$want;
    return "$what: " . @drawn . ' are drawn, not ' . @want unless @drawn == @want;
    return map { my $i = $_; (grep { !near($drawn[$i][$_], $want[$i][$_]) } 0 .. $#{$want[$i]}) ? "$what: @{$drawn[$i]} is drawn, not @{$want[$i]}" : () } 0 .. $#want;
}

curve_chart('everybody', 'days', [], $rotterdam);
curve_chart('by grade', 'days', ['grade'], $rotterdam);
curve_chart('by grade to 10 years, extended', 'days', ['grade'], $rotterdam, '--until', '10y', 'extended');
curve_chart('by two factors', 'days', ['grade', 'menopause'], $rotterdam);
curve_chart('few censorings', 'days', ['year'], $rotterdam, '--where', 'year < 1986', '--panels', 'never', 'extended');
curve_chart('a panel each', 'days', ['year'], $rotterdam, '--where', 'year < 1986');
curve_chart('a panel each, extended', 'months', ['receptor'], $stage4, '--panels', 'always', 'extended');
curve_chart('actuarial', 'days', ['grade'], $rotterdam, '--method', 'actuarial');
curve_chart('another interval', 'days', ['nodes_group'], $rotterdam, '--conf', 'plain', '--conf-level', '0.8');
curve_chart('months', 'months', ['receptor'], $stage4);
curve_chart('one year', 'months', ['presentation'], $stage4, '--until', '1y');
{
    my $kept = draw('curve', $stage4, '--figures', $figures);
    my @want = ([5, 0.62], [2, 0.7], [2.5, 0.5], [5, 0.2], [5, 0.44], [1.5, 0.5], [2, 0.5]);
    check('curve: quoted figures', same_points('figures', [points($kept, 'quoted.dat')], \@want));
    my %at = map { ("$_->[0] $_->[1]" => 1) } @want;
    my @words = labels($kept, 'words.dat');
    check('curve: a quoted figure has its words', @words == @want ? () : 'there are ' . @words, map { my $w = $_; (grep { $w =~ /^$_, d|^$_, / } '62 %', '70 %', '30 months', '20 %', '44 %', '18 months', '2 years') ? () : "$w?" } map { $_->{text} } @words);
}

# --- dots: rates, context ---

# The two axes of a chart of rates: the tics of each, from left to right.
sub axes_of {
    my ($kept) = @_;
    my @axes;
    for (sort { $a->{x} <=> $b->{x} } labels($kept, 'tics.dat')) { push @axes, [] if $_->{text} eq '0'; push @{$axes[-1]}, $_ }
    return @axes;
}
# What stands on an axis at x; past its ends nothing does.
sub on_axis {
    my ($axis, $x) = @_;
    my ($first, $last) = @$axis[0, -1];
    return $first->{text} + ($x - $first->{x}) / ($last->{x} - $first->{x}) * ($last->{text} - $first->{text});
}
sub wrong_tics {
    my ($what, $axis) = @_;
    return map { abs(on_axis($axis, $_->{x}) - $_->{text}) <= 1e-4 * $axis->[-1]{text} ? () : "$what: the tic $_->{text} stands at $_->{x}" } @$axis;
}

# The dot and interval of an axis at a height, {value, low, high, file}.
sub dot_at {
    my ($kept, $axis, $y) = @_;
    my %dot;
    my $is_here = sub { return abs($_[0][1] - $y) < 1e-6 && $_[0][0] >= $axis->[0]{x} - 1e-6 && $_[0][0] <= $axis->[-1]{x} + 1e-6 };
    for my $file ('dots.dat', 'hollow.dat') { %dot = (value => on_axis($axis, $_->[0]), file => $file) for grep { $is_here->($_) } points($kept, $file) }
    for (grep { $is_here->($_) } points($kept, 'intervals.dat')) { @dot{qw(low high)} = map { on_axis($axis, $_) } @$_[0, 2] }
    return \%dot;
}

# scale: of the table's values to what the axis says. An open end reaches to the edge of its panel.
sub wrong_dot {
    my ($what, $dot, $scale, $most, $is_few, $value, $low, $high) = @_;
    my @wrong;
    return $value eq '' ? () : "$what is not drawn" unless defined $dot->{value};
    return "$what is drawn" if $value eq '';
    my $stands = sub { my ($x, $want) = @_; return abs($x - ($want > $most ? $most : $want)) < 1e-5 * $most };
    push @wrong, "$what is drawn at $dot->{value}, not $value" unless $stands->($dot->{value}, $scale * $value);
    push @wrong, "$what is hollow or not" if ($dot->{file} eq 'hollow.dat') != !!$is_few;
    if ($low eq '' && $high eq '') { push @wrong, "$what has an interval" if defined $dot->{low} }
    else {
        push @wrong, "$what: its $_->[0] is drawn at " . ($dot->{$_->[0]} // 'nothing') . ", not $_->[1]"
            for grep { !defined $dot->{$_->[0]} || !$stands->($dot->{$_->[0]}, $_->[1]) } ['low', $low eq '' ? 0 : $scale * $low], ['high', $high eq '' ? 1e99 : $scale * $high];
    }
    return @wrong;
}

# What the template makes of it: in the SVG, dots stand as they stand among the data.
sub wrong_picture {
    my ($kept) = @_;
    my $svg = Kept::text("$kept->{folder}.svg");
    my @points;
    push @points, [$1, $2] while $svg =~ /<use xlink:href='#[^']*gpPt[56]' transform='translate\(([-\d.]+),([-\d.]+)\)/g;
    my @dots = (points($kept, 'dots.dat'), points($kept, 'hollow.dat'));
    return @dots ? map { my $d = $_; (grep { abs($_->[0] - $d->[0]) < 0.02 && abs($_->[1] - $d->[1]) < 0.02 } @points) ? () : "no dot stands at @$d" } @dots : 'the picture has no dots';
}

# "82.1 % (79.2 to 84.6)", to the digits of the table
sub wrong_words {
    my ($what, $text, $factor, @numbers) = @_;
    return "$what has no words" unless defined $text;
    my @said = $text =~ /^(\S+)(?: %)?(?: \((\S+) to (\S+)\))?$/;
    my $form = $factor == 100 ? '%.1f' : '%.4g';
    return map { defined $said[$_] && ($numbers[$_] eq '' ? $said[$_] eq '–' : $said[$_] eq sprintf $form, $factor * $numbers[$_]) ? () : "$what: the words are $text, the table has @numbers" } 0 .. ($numbers[1] eq '' && $numbers[2] eq '' ? 0 : 2);
}

# kind forest: each factor on its own, under a heading.
sub rates_chart {
    my ($what, $by, $at, @read) = @_;
    my $is_each = $read[0] eq 'forest';
    shift @read if $is_each;
    push @read, '--by', join ',', @$by if @$by;
    my $kept = draw($is_each ? 'forest' : 'rates', @read, '--at', $at);
    my @rates = table('rates', (grep { $_ ne '--figures' && !/figures.*yaml/ } @read), '--at', $at, $is_each ? '--each' : ());
    if ($is_each) {
        my (%seen, @heads);
        for (@rates) { push @heads, $_->{factor} if $_->{factor} ne '' && !$seen{$_->{factor}}++ }
        my $said = join '|', map { $_->[2] } sort { $a->[1] <=> $b->[1] } grep { $_->[2] !~ /^(?:Alive at|Median,)/ } points($kept, 'strong.dat');
        check("forest, $what: headings", $said eq join('|', @heads) ? () : "$said for @heads");
        $by = ['level'];
    }
    my @axes = axes_of($kept);
    check("rates, $what: axes", @axes == 2 && $axes[0][-1]{text} == 100 ? () : 'the axes', map { wrong_tics("axis $_", $axes[$_]) } 0 .. $#axes);
    check("rates, $what: dots stand where the data say", wrong_picture($kept)) if grep { $_->{survival} ne '' } @rates;
    my @rows = sort { $a->[1] <=> $b->[1] } map { my $f = $_; map { [@$_, $f] } grep { $_->[2] ne 'n' } points($kept, $f) } 'right.dat', 'marks.dat';
    my @texts = sort { $a->[0] <=> $b->[0] } map { points($kept, $_) } 'legend.dat', 'text.dat';
    my ($left) = sort { $a <=> $b } map { $_->[0] } @texts;
    my @wrong;
    push @wrong, 'there are ' . @rows . ' rows of ' . @rates unless @rows == @rates;
    for my $i (0 .. $#rates) {
        my ($r, $y) = ($rates[$i], $rows[$i][1]);
        my $name = name_of($r, @$by);
        my $next = $i < $#rows ? $rows[$i + 1][1] : $y + 60;
        my $said = join ' ', map { $_->[2] } sort { $a->[1] <=> $b->[1] } grep { $_->[0] <= $left + ($is_each ? 14 : 0) && $_->[1] >= $y - 1e-6 && $_->[1] < $next - 1e-6 } points($kept, 'legend.dat');
        push @wrong, "row $i is $said, not $name" unless $said eq $name;
        push @wrong, "$name: n is $rows[$i][2], not $r->{n}" unless says($rows[$i][2], $r->{n});
        push @wrong, "$name is lightened or not" unless $r->{at_risk} eq '' || ($rows[$i][3] eq 'marks.dat') == is_few($r->{at_risk});
        push @wrong, wrong_dot("$name, survival", dot_at($kept, $axes[0], $y), 100, 100, is_few($r->{at_risk}), @$r{qw(survival conf_low conf_high)});
        push @wrong, wrong_dot("$name, median", dot_at($kept, $axes[1], $y), 1, $axes[1][-1]{text}, 0, @$r{qw(median median_low median_high)});
        my @words = map { $_->[2] } grep { $_->[1] == $y && $_->[0] > $axes[0][-1]{x} } @texts;
        push @wrong, wrong_words($name, $words[0], 100, @$r{qw(survival conf_low conf_high)}) if $r->{survival} ne '';
        push @wrong, wrong_words("$name, median", $words[1], 1, @$r{qw(median median_low median_high)}) if $r->{median} ne '';
    }
    check("rates, $what: names, n, dots, intervals, words", @wrong);
    return $kept;
}

rates_chart('by grade', ['grade'], '5y', $rotterdam);
rates_chart('by nodes and grade at 12 years', ['nodes_group', 'grade'], '12y', $rotterdam, '--conf', 'logit');
rates_chart('everybody', [], '5y', $rotterdam);
rates_chart('three factors', ['grade', 'size', 'nodes_group'], '5y', 'forest', $rotterdam);
rates_chart('factors with missing values', ['er', 'her2', 'health'], '2y', 'forest', $stage4, '--missing', 'level');
rates_chart('few and not available', ['year'], '10y', $rotterdam);
{
    my $kept = rates_chart('with figures', ['receptor', 'site_only'], '5y', $stage4, '--figures', $figures);
    my @axes = axes_of($kept);
    my @lines = map { my $l = $_; my ($a) = grep { $l->[0] >= $axes[$_][0]{x} - 1e-6 && $l->[0] <= $axes[$_][-1]{x} + 1e-6 } 0, 1; $a . sprintf ' %.4g', on_axis($axes[$a], $l->[0]) } points($kept, 'through.dat');
    my @want = ('0 62', '0 20', '0 44', '1 30', '1 18', '1 24');
    my $said = join '|', map { $_->[2] } points($kept, 'words.dat');
    check('rates: quoted figures are lines, named', "@lines" eq "@want" ? () : "@lines", $said eq '62 %, d|20 %, low|44 %, high|30 months, d|18 months, ml|2 years, mh' ? () : $said);
}

# The panels of a chart of figures, by their headings: what stands on each axis, read off its marks, in the panel's unit.
sub panels_of {
    my ($kept) = @_;
    my @panels = map { {name => $_->[2], top => $_->[1]} } points($kept, 'panels.dat');
    my @tics = points($kept, 'tics.dat');
    my $panel_at = sub { my ($y) = @_; return (grep { $_->{top} < $y } @panels)[-1] };
    push @{$panel_at->($_->[1])->{tics}}, $_ for @tics;
    my $value = sub {
        my ($p, $x) = @_;
        my ($first, $last) = @{$p->{tics}}[0, -1];
        return $first->[2] + ($x - $first->[0]) / ($last->[0] - $first->[0]) * ($last->[2] - $first->[2]);
    };
    for my $file (qw(dots hollow figures ranges intervals studies)) {
        for (points($kept, "$file.dat")) {
            my $p = $panel_at->($_->[1]) or next; # the legend
            my @x = $file =~ /ranges|intervals/ ? @$_[0, 2] : $_->[0];
            push @{$p->{$file}}, {y => $_->[1], at => [map { $value->($p, $_) } @x]};
        }
    }
    return @panels;
}

# What is drawn in each panel against the tables: every figure that can be compared, those that share a panel with one, and nothing else.
sub context_chart {
    my ($what, $unit, $is_shown, @read) = @_;
    my $kept = draw('context', @read);
    my @rows = table('context', @read);
    my @figures = table('context', @read, '--table', 'figures');
    my %studies;
    push @{$studies{$_->{figure}}}, $_->{value} for table('context', @read, '--table', 'published');
    $rows[$_] = {%{$figures[$_]}, %{$rows[$_]}} for 0 .. $#rows;
    @rows = grep { $_->{statistic} ne 'note' && $_->{panel} ne '' && $is_shown->($_) } @rows;
    my %compared = map { ($_->{panel} => 1) } grep { $_->{verdict} ne 'not comparable' } @rows;
    @rows = grep { $compared{$_->{panel}} } @rows;
    my @panels = panels_of($kept);
    my %panel = map { ($_->{name} => $_) } @panels;
    check("context, $what: panels", join('|', sort keys %panel) eq join('|', sort keys %compared) ? () : join('|', keys %panel) . ', not ' . join('|', keys %compared));
    my $stands = sub { my ($x, $y) = @_; return abs($x - $y) <= 1e-5 * (1 + abs $y) };
    my (@dots, @marks, @bands, @said, @points, %drawn);
    my $words = join "\n", map { $_->[2] } map { points($kept, $_) } 'strong.dat', 'faint.dat', 'text.dat', 'title.dat';
    for my $r (@rows) {
        my $p = $panel{$r->{panel}};
        my $scale = $r->{statistic} eq 'median' ? $days{$unit} / 365.25 : $r->{statistic} eq 'median_of' ? 1 : 100;
        my ($value, $low, $high) = map { $_ eq '' ? '' : $scale * $_ } @$r{qw(data_value conf_low conf_high)};
        my $says = $r->{statistic} eq 'some' ? 0 : $scale * $r->{figure_value};
        my @dot = grep { $value ne '' && $stands->($_->{at}[0], $value) } map { @{$p->{$_} // []} } qw(dots hollow);
        push @dots, "$r->{figure} is not drawn at $value" if $value ne '' && !@dot;
        $drawn{join '|', @$r{qw(panel says data checked measure)}} = 1 if $value ne '';
        my ($interval) = grep { @dot && grep { $_ } map { my $y = $_->{y}; grep { $_->{y} == $y && ($low eq '' || $stands->($_->{at}[0], $low)) && ($high eq '' || $stands->($_->{at}[1], $high)) } @{$p->{intervals} // []} } @dot } 1;
        push @dots, "$r->{figure}: no interval from $low to $high" if $value ne '' && ($low ne '' || $high ne '') && !$interval;
        push @marks, "$r->{figure} is not marked at $says" unless grep { $stands->($_->{at}[0], $says) } @{$p->{figures}};
        push @bands, "$r->{figure}: no band from $r->{low} to $r->{high}"
            if $r->{says} !~ /[<>]/ && $r->{low} ne '' && $scale * ($r->{high} - $r->{low}) > 5e-3 * $p->{tics}[-1][2] * 2 &&
               !grep { $stands->($_->{at}[0], $scale * $r->{low}) && $stands->($_->{at}[1], $scale * $r->{high}) } @{$p->{ranges}};
        push @said, "$r->{figure}: its words are not there: $r->{quote}" if index($words =~ s/\n/ /gr, substr $r->{quote}, 0, 12) < 0;
        push @said, "$r->{figure}: the finding is not there: $r->{finding}" if $r->{finding} ne '' && index(lc($words =~ s/\n/ /gr), lc substr $r->{finding}, 0, 20) < 0;
        push @said, "$r->{figure}: data $r->{data}, not $value" if $r->{data} ne '' && $value ne '' && !about($r->{data}, $value, 2) && !about($r->{data}, $value, 1 + ($value >= 100));
        for my $study (@{$studies{$r->{figure}} // []}) {
            push @points, "$r->{figure}: no dot of a study at $study" unless grep { $stands->($_->{at}[0], $scale * $study) } @{$p->{studies} // []};
        }
    }
    my $n = map { map { @{$_ // []} } @$_{qw(dots hollow)} } @panels;
    check("context, $what: dots and intervals", @dots, $n == keys %drawn ? () : "$n dots of " . keys(%drawn));
    check("context, $what: marks of figures", @marks);
    check("context, $what: rounding bands", @bands);
    check("context, $what: words", @said);
    check("context, $what: studies", @points);
    return ($kept, \@panels, \@rows);
}
sub is_quoted { return $_[0]{document} =~ /^(verywell|komen|empowher|nccn_qa|d)$/ }

context_chart('documents beside synthetic data', 'months', \&is_quoted, $stage4, '--figures', 'datasets/figures/documents.yaml,datasets/figures/published.yaml', @us);
{
    my $plain = "$Kept::work/plain.yaml"; # the same people, not called synthetic: with intervals
    open my $f, '>', $plain or die;
    print $f map { s{lifetables/}{$datasets/lifetables/}r } grep { !/^(synthetic|targets|figures):/ } Kept::text('datasets/stage4.yaml') =~ /^(.*\n)/mg;
    close $f;
    context_chart('figures of a file, with intervals', 'months', \&is_quoted, $stage4, '--recipe', $plain, '--figures', $figures);
    context_chart('few at risk', 'months', \&is_quoted, $stage4, '--recipe', $plain, '--figures', $figures, '--where', 'receptor == "Triple negative" and site_only == "brain" and year < 2010');
}

# --- how long people live ---

sub spread_chart {
    my ($what, $unit, $by, @read) = @_;
    push @read, '--by', $by if $by;
    my $kept = draw('spread', @read);
    my @rates = table('rates', @read);
    my @quantiles = table('rates', @read, '--quantiles', '10,25,50,75,90', '--table', 'quantiles');
    my @tics = points($kept, 'tics.dat');
    my $value = sub { return $tics[0][2] + ($_[0] - $tics[0][0]) / ($tics[-1][0] - $tics[0][0]) * ($tics[-1][2] - $tics[0][2]) };
    my $year = 365.25 / $days{$unit};
    my $stands = sub { my ($x, $time) = @_; return $time eq '' ? abs($value->($x) - $tics[-1][2]) < 1e-6 : abs($value->($x) - $time / $year) < 1e-5 };
    my @lines = sort { $a->[1] <=> $b->[1] } points($kept, 'intervals.dat');
    my @bars = sort { $a->[1] <=> $b->[1] } points($kept, 'bars.dat');
    my @dots = sort { $a->[1] <=> $b->[1] } points($kept, 'dots.dat');
    my @wrong;
    for my $i (0 .. $#rates) {
        my %q = map { ($_->{quantile} => $_->{time}) } grep { !$by || $_->{$by} eq $rates[$i]{$by} } @quantiles;
        push @wrong, "row $i: the line" unless $stands->($lines[$i][0], $q{10}) && $stands->($lines[$i][2], $q{90});
        push @wrong, "row $i: the bar" unless $stands->($bars[$i][0], $q{25}) && $stands->($bars[$i][2], $q{75});
        push @wrong, "row $i: the median" unless $stands->($dots[$i][0], $q{50});
    }
    check("spread, $what: lines, bars, medians", @wrong, @rates == @dots ? () : @dots . ' dots of ' . @rates);
}
spread_chart('by receptor', 'months', 'receptor', $stage4);
spread_chart('everybody', 'months', '', $stage4);
spread_chart('by nodes', 'days', 'nodes_group', $rotterdam, '--where', 'nodes >= 4');
{
    my $kept = draw('flow', $rotterdam, '--recipe', 'datasets/rotterdam-relapse.yaml');
    my @rules = table('rates', $rotterdam, '--recipe', 'datasets/rotterdam-relapse.yaml', '--table', 'selection');
    my @want = ((map { "$_->{left_out} left out: $_->{rule}" } grep { $_->{left_out} > 0 } @rules), "rows read: $rules[0]{remaining}", "analysed: $rules[-1]{remaining}");
    my %said = map { ($_->[2] => 1) } points($kept, 'text.dat'), points($kept, 'strong.dat');
    check('flow: who was left out', map { $said{$_} ? () : "it does not say \"$_\"" } @want);
}

# --- cells: heatmap, icons, timeline ---

sub heatmap {
    my ($what, $by, $at, @read) = @_;
    my @drawn = (@read, '--by', join(',', @$by), '--at', $at);
    my $kept = draw('heatmap', @drawn);
    my @rates = table('rates', @drawn);
    my @cells = ((map { [@$_[0 .. 4], 'cells.dat'] } points($kept, 'cells.dat')), map { [@$_[0 .. 3], 0, 'hidden.dat'] } points($kept, 'hidden.dat'));
    my ($top) = sort { $a <=> $b } map { $_->[1] } @cells;
    my (%columns, %cell, %said, @wrong);
    push @{$columns{$_->[0]}}, $_->[2] for sort { $a->[1] <=> $b->[1] } grep { $_->[1] < $top } points($kept, 'counts.dat');
    for my $c (@cells) {
        my $row = join ' ', map { $_->[2] } sort { $a->[1] <=> $b->[1] } grep { $_->[1] > $c->[1] && $_->[1] < $c->[3] } points($kept, 'legend.dat');
        my ($column) = grep { $_ > $c->[0] && $_ < $c->[2] } keys %columns;
        my $name = "$row|" . join ' ', @{$columns{$column}};
        $cell{$name} = [@$c[4, 5]];
        $said{$name} = [map { $_->[-1] } sort { $a->[1] <=> $b->[1] } grep { $_->[1] > $c->[1] && $_->[1] < $c->[3] && $_->[0] > $c->[0] && $_->[0] < $c->[2] } points($kept, 'shares.dat'), points($kept, 'few.dat')];
    }
    for my $r (@rates) {
        my $name = join '|', @$r{@$by};
        my ($drawn, $is_grey) = ($cell{$name}, $r->{survival} eq '' || is_few($r->{at_risk}));
        push @wrong, "$name is not drawn" and next unless $drawn;
        push @wrong, "$name is grey or not" if ($drawn->[1] eq 'hidden.dat') != !!$is_grey;
        push @wrong, "$name is drawn as $drawn->[0], not $r->{survival}" unless $is_grey || near($drawn->[0], $r->{survival});
        my ($rate, $n) = @{$said{$name}};
        push @wrong, "$name: $rate, not $r->{survival}" unless $r->{survival} eq '' ? $rate =~ /^(?:–|not shown)$/ : $rate eq sprintf '%.1f %%', 100 * $r->{survival};
        push @wrong, "$name: $n, not $r->{n}" unless $n =~ /^n (.*)$/ && says($1, $r->{n});
    }
    check("heatmap, $what: cells, rates and n", @wrong, @rates == keys %cell ? () : 'the number of cells');
}
heatmap('grade by nodes', ['grade', 'nodes_group'], '5y', $rotterdam);
heatmap('year by nodes, grey cells', ['year', 'nodes_group'], '8y', $rotterdam);
heatmap('receptor by site', ['receptor', 'site_only'], '5y', $stage4);

# The squares of each crowd by kind: alive, of the cancer, of other causes, dead.
sub wrong_crowds {
    my ($kept, $shares, $few) = @_;
    my (@people, @places, @wrong);
    my %kinds = (1 => 0, 2 => 1, 3 => 2, 4 => 1);
    my @heads = sort { $a->[1] <=> $b->[1] || $a->[0] <=> $b->[0] } grep { $_->[2] =~ /after/ } points($kept, 'strong.dat');
    my $crowd_of = sub { my ($x, $y) = @_; my ($i) = sort { $heads[$b][1] <=> $heads[$a][1] || $heads[$b][0] <=> $heads[$a][0] } grep { $heads[$_][1] < $y && $heads[$_][0] <= $x + 1e-6 } 0 .. $#heads; return $i };
    my (%swatch, %warned, %hidden, @said);
    for (points($kept, 'people.dat')) {
        my $i = $crowd_of->(@$_[0, 1]);
        if (abs($_->[2] - $_->[0] - 12) < 1e-6 && abs($_->[0] - $heads[$i][0] - 1) < 1e-6) { $swatch{$i}{$_->[4]} = 1; next } # of the words
        $people[$i][$kinds{$_->[4]}]++;
        $places[$i]{"$_->[0] $_->[1]"} = 1;
    }
    for (points($kept, 'few.dat')) { $hidden{$crowd_of->(@$_[0, 1])} = 1 if $_->[2] eq 'not shown' }
    for (points($kept, 'text.dat')) { $warned{$crowd_of->(@$_[0, 1])} = 1 if $_->[2] =~ /^fewer than/ && defined $crowd_of->(@$_[0, 1]) }
    for (points($kept, 'legend.dat')) { push @{$said[$crowd_of->(@$_[0, 1])]}, $1 if $_->[2] =~ /^(\d+) (?:alive|dead)/ }
    push @wrong, 'there are ' . @heads . ' crowds' unless @heads == @$shares;
    for my $i (0 .. $#$shares) {
        push @wrong, "crowd $i is hidden or not" if !!$hidden{$i} != ($shares->[$i][0] eq '');
        if ($shares->[$i][0] eq '') { push @wrong, "crowd $i is drawn" if $people[$i]; next }
        my @n = map { $people[$i][$_] // 0 } 0 .. $#{$shares->[$i]};
        push @wrong, "crowd $i has @n people" unless 100 == eval join '+', @n;
        push @wrong, "crowd $i: squares stand upon each other" unless 100 == keys %{$places[$i]};
        push @wrong, "crowd $i: @n of a hundred, the shares are @{$shares->[$i]}" if grep { abs($n[$_] - 100 * $shares->[$i][$_]) > 0.9999 } 0 .. $#n;
        push @wrong, "crowd $i: the words say @{$said[$i]}, the squares @n" unless "@{$said[$i]}" eq "@n";
        push @wrong, "crowd $i: a colour is not told" unless keys %{$swatch{$i}} == @n;
        push @wrong, "crowd $i is said to be few or not" if !!$warned{$i} != !!$few->[$i];
    }
    return @wrong;
}
sub crowds_of {
    my ($net, @read) = @_;
    my @rates = table($net ? 'net' : 'rates', @read);
    my @crude = $net ? table('net', @read, '--table', 'crude') : ();
    my @shares = map { my $alive = $rates[$_]{$net ? 'observed_survival' : 'survival'}; [$alive, $net ? (map { $_->{probability} } @crude[2 * $_, 2 * $_ + 1]) : $alive eq '' ? '' : 1 - $alive] } 0 .. $#rates;
    return (\@shares, [map { is_few($_->{at_risk}) } @rates]);
}
sub people_chart {
    my ($kind, $what, @read) = @_;
    my $net = grep { $_ eq '--lifetable' } @read;
    my $kept = draw($kind, @read);
    my (%drawn, %want);
    my $svg = Kept::text("$kept->{folder}.svg");
    $drawn{$1 =~ s/ +(\d)/ $1/gr =~ s/^ //r}++ while $svg =~ /<polygon fill\s*=\s*'rgb\(([^)]*)\)'/g;
    my %colours = (1 => '86, 180, 233', 2 => '213, 94, 0', 3 => '153, 153, 153', 4 => '85, 85, 85');
    $want{$colours{$_->[4]}}++ for points($kept, 'people.dat');
    check("$kind, $what", wrong_crowds($kept, crowds_of($net, @read)), map { ($drawn{$_} // 0) == $want{$_} ? () : "$want{$_} squares are of the colour $_, " . ($drawn{$_} // 0) . ' are drawn' } keys %want);
}
people_chart('icons', 'everybody', $rotterdam, '--at', '5y');
people_chart('icons', 'two strata', $rotterdam, '--by', 'grade', '--at', '10y');
people_chart('icons', 'by cause', $stage4, '--by', 'presentation', '--at', '5y', @us);
people_chart('timeline', 'rotterdam', $rotterdam, '--at', '1y,2y,5y,10y');
people_chart('timeline', 'few in the end', $rotterdam, '--at', '8y,12y,13y', '--where', 'nodes >= 10 and grade == 3');
people_chart('timeline', 'by cause', $stage4, '--at', '6m,2y,5y', @us);

# --- trend ---

sub trend {
    my ($what, $at, $file, $by, @read) = @_;
    my $kept = draw('trend', $file, '--by', $by, '--at', $at, @read);
    my @rates = table('rates', $file, '--by', $by, '--at', $at, @read);
    my @axis = map { {x => $_->{y}, text => $_->{text} =~ s/ %//r} } sort { $b->{y} <=> $a->{y} } grep { $_->{text} =~ /%$/ } labels($kept, 'tics.dat');
    my @tics = map { {x => $_->{x}, text => $_->{text}} } sort { $a->{x} <=> $b->{x} } grep { $_->{text} !~ /%$/ } labels($kept, 'tics.dat');
    my (%drawn, @wrong);
    for my $f ('dots.dat', 'hollow.dat') { $drawn{sprintf '%.6g', on_axis(\@tics, $_->[0])} = [on_axis(\@axis, $_->[1]) / 100, $_->[0], $f] for points($kept, $f) }
    for my $r (@rates) {
        my $point = $drawn{0 + $r->{$by}};
        next if $r->{survival} eq '' && !$point;
        push @wrong, "$r->{$by} is drawn or not" and next if $r->{survival} eq '' || !$point;
        my @want = map { $_ eq '' ? $r->{survival} : $_ } @$r{qw(survival conf_low conf_high)};
        my ($line) = grep { abs($_->[0] - $point->[1]) < 1e-6 && abs($_->[2] - $point->[1]) < 1e-6 } points($kept, 'intervals.dat'), points($kept, 'thin.dat');
        my @got = ($point->[0], map { on_axis(\@axis, $_) / 100 } @$line[1, 3]);
        push @wrong, "$r->{$by} is drawn as @got, not @want" if grep { abs($got[$_] - $want[$_]) > 1e-6 } 0 .. 2;
        push @wrong, "$r->{$by} is hollow or not" if ($point->[2] eq 'hollow.dat') != is_few($r->{at_risk});
    }
    check("trend, $what: points and intervals", @wrong);
    check("trend, $what: levels and n", (map { abs(on_axis(\@tics, $_->{x}) - $_->{text}) < 1e-6 ? () : "$_->{text} stands at $_->{x}" } @tics),
          map { my $file = $_; map { my $r = find_row($by, sprintf('%.6g', on_axis(\@tics, $_->[0])), @rates); $r && says($_->[2], $r->{n}) && ($r->{at_risk} eq '' || is_few($r->{at_risk}) == ($file eq 'few.dat')) ? () : "n $_->[2] at $_->[0]" } points($kept, $file) } 'counts.dat', 'few.dat');
    check("trend, $what: the picture", wrong_picture($kept));
}
trend('by year', '5y', $rotterdam, 'year');
trend('not available in the last years', '8y', $rotterdam, 'year');
trend('synthetic', '2y', $stage4, 'year');

# --- net, crude ---

sub period_rows { my ($by, @rows) = @_; return by_stratum([@$by, exists $rows[0]{period} ? 'period' : ()], @rows) }

sub net_chart {
    my ($what, $unit, $by, $file, @read) = @_;
    my @drawn = ($file, @us, (@$by ? ('--by', join ',', @$by) : ()), @read);
    my $kept = draw('net', @drawn);
    my @asked = @drawn;
    for my $i (reverse 0 .. $#asked) { splice @asked, $i, 2 if $asked[$i] eq '--until' }
    my ($axis, $factor) = axis_of($kept, $unit);
    my $letter = substr $axis, 0, 1;
    my @tics = tics_of($kept);
    my $at = join ',', '5y', map { "$_$letter" } @tics; # the chart is exact at the tics and at 5 years
    my ($names, @series) = period_rows($by, table('net', @asked, '--at', $at, '--curve', '--table', 'curve'));
    my (undef, @at) = period_rows($by, table('net', @asked, '--at', $at));
    shift @$_ for @at;
    my @wrong;
    my $cut = sub { return map { my %r = %$_; $_ > 1.03 and $_ = 1.03 for @r{qw(y low high)}; \%r } @_ };
    for my $i (0 .. $#series) {
        my $few = 9e99;
        for (reverse sort { $a->{time} <=> $b->{time} } grep { $_->{time} > 0 } @{$series[$i]}, @{$at[$i]}) {
            $few = $_->{time} / $factor if ($_->{at_risk} < 10 && $_->{at_risk} > 0) || ($_->{effective_n} // '' ne '' and $_->{effective_n} ne '' and $_->{effective_n} < 10);
        }
        push @wrong, wrong_curve($names->[$i], $kept, $i, $few, $cut->(steps_of($factor, 'survival', @{$series[$i]})));
    }
    if (@series == 1) {
        my $i = 0;
        for my $value ('observed_survival', 'expected_survival') {
            my @rows = map { {x => $_->{x}, y => $_->{y}} } $cut->(steps_of($factor, $value, @{$series[0]}));
            push @wrong, wrong_steps($value, 1, $kept->{X_MAX}, 1, (blocks($kept, 'steps.dat'))[++$i], @rows);
        }
        check("net, $what: names", wrong_names($kept, (grep { $_ eq 'ederer2' } @read) ? 'relative' : 'net', 'observed', 'population'));
    } else {
        check("net, $what: names", wrong_names($kept, @$names));
    }
    check("net, $what: steps, bands, lighter lines", @wrong);
    check("net, $what: axes", wrong_axes($kept));
    check("net, $what: the picture", wrong_lines($kept));
    check("net, $what: numbers at risk", wrong_numbers($kept, $names, map { [[map { $_->{at_risk} } @$_]] } @at));
}
net_chart('everybody to 15 years', 'days', [], $rotterdam, '--until', '15y');
net_chart('by grade', 'days', ['grade'], $rotterdam);
net_chart('by period', 'days', [], $rotterdam, '--period', '1985-1989,1990-1994');
net_chart('Ederer II', 'days', [], $rotterdam, '--method', 'ederer2');
net_chart('small strata above 100 %', 'days', ['age_group'], $rotterdam, '--where', 'nodes == 0');
net_chart('months', 'months', ['presentation'], $stage4);

# The two areas: at the drawn times, what the table of crude probabilities says.
sub crude_chart {
    my ($what, $unit, $file, @read) = @_;
    my $kept = draw('crude', $file, @us, @read);
    my (undef, $factor) = axis_of($kept, $unit);
    my @bands = blocks($kept, 'bands.dat');
    my @wrong;
    for my $cause (0, 1) { # exact at vertices of its own, near at the other's
        my $band = $bands[$cause];
        my @v = grep { $_ == $#$band || !near($band->[$_ + 1][0], $band->[$_][0]) } 0 .. $#$band;
        my @at = map { sprintf '%.7g', $band->[$v[int($_ * $#v / 12)]][0] * $factor } 1 .. 12;
        my @crude = map { $_->{probability} } table('net', $file, @us, @read, '--table', 'crude', '--at', join ',', @at);
        for my $i (0 .. $#at) {
            my @want = (0, $crude[2 * $i], $crude[2 * $i], $crude[2 * $i] + $crude[2 * $i + 1]);
            my @drawn = map { my $b = $_; map { height_at($at[$i] / $factor, $_, @$b) } 1, 2 } @bands[0, 1];
            push @wrong, "at $at[$i] the areas are @drawn, not @want" if grep { abs($drawn[$_] - $want[$_]) > 0.003 } 0 .. 3;
            push @wrong, "at $at[$i] area $cause is @drawn, not @want" if grep { !near($drawn[$_], $want[$_]) } 2 * $cause, 2 * $cause + 1;
        }
        push @wrong, "area $cause begins at $band->[0][1] to $band->[0][2]" if $band->[0][1] != 0 || $band->[0][2] != 0;
    }
    check("crude, $what: areas", @wrong);
    check("crude, $what: the picture", wrong_lines($kept));
    my @curve = table('net', $file, @us, @read, '--curve', '--table', 'curve', '--at', join ',', '5y', map { "${_}y" } tics_of($kept));
    my @rows = map { {x => $_->{time} / $factor, cancer => $_->{crude_cancer}, both => $_->{crude_cancer} + $_->{crude_other}} } grep { $_->{crude_cancer} ne '' } @curve;
    check("crude, $what: every step", wrong_steps('of the cancer', 2, $kept->{X_MAX}, 0, $bands[0], map { {x => $_->{x}, y => $_->{cancer}} } @rows),
          wrong_steps('of other causes', 1, $kept->{X_MAX}, 0, $bands[1], map { {x => $_->{x}, y => $_->{cancer}} } @rows),
          wrong_steps('of both', 2, $kept->{X_MAX}, 0, $bands[1], map { {x => $_->{x}, y => $_->{both}} } @rows));
    my @steps = blocks($kept, 'steps.dat');
    check("crude, $what: the lines are the areas' upper edges", map { my $i = $_; map { my $s = $_; near($s->[1], height_at($s->[0], 2, @{$bands[$i]})) || (grep { near($_->[0], $s->[0]) && near($_->[2], $s->[1]) } @{$bands[$i]}) ? () : "line $i at $s->[0]: $s->[1]" } @{$steps[$i]} } 0, 1);
    check("crude, $what: axes and names", wrong_axes($kept), wrong_names($kept, 'of the cancer', 'of other causes'));
    my @tics = tics_of($kept);
    my @net = table('net', $file, @us, @read, '--at', join ',', map { "${_}y" } @tics);
    check("crude, $what: numbers at risk", wrong_numbers($kept, ['all'], [[map { $_->{at_risk} } @net]]));
}
crude_chart('rotterdam', 'days', $rotterdam);
crude_chart('de novo', 'months', $stage4, '--where', 'presentation == "de novo"');

# --- what --suppress hides ---

# Numbers that the tables hide, of the same command without --suppress: none may stand in a file that is drawn from.
sub told {
    my ($kept, $names, $open, $shown) = @_;
    my (%hidden, @wrong);
    for my $i (0 .. $#$open) {
        for my $name (@$names) { $hidden{sprintf '%.10g', $open->[$i]{$name}} = $name if $open->[$i]{$name} ne '' && $shown->[$i]{$name} eq '' && $open->[$i]{$name} =~ /\.\d{4}/ }
    }
    push @wrong, 'nothing is hidden' unless %hidden;
    for my $file (glob "$kept->{folder}/*.dat") {
        for (split /[\t\n]/, Kept::text($file)) { push @wrong, "$file tells $hidden{$_} $_" if $hidden{$_} }
    }
    return @wrong;
}

# A curve whose rows are joined: its points are the table's, and nothing else.
sub wrong_joined {
    my ($what, $kept, $factor, $values, @series) = @_;
    my @wrong;
    my %files = (survival => 'steps.dat', conf_low => 'bands.dat', conf_high => 'bands.dat');
    my @steps = blocks($kept, 'steps.dat');
    my @bands = blocks($kept, 'bands.dat');
    for my $i (0 .. $#series) {
        my @rows = grep { $_->{survival} ne '' } @{$series[$i]};
        my @drawn = @{$steps[$i]}[1 .. $#{$steps[$i]}];
        push @wrong, "$what $i has " . @drawn . ' points, the table ' . @rows if @drawn > @rows || (@rows && !@drawn);
        for my $point (@drawn) {
            my ($row) = grep { near($_->{time} / $factor, $point->[0]) } @rows;
            my ($band) = grep { near($_->[0], $point->[0]) } @{$bands[$i]};
            push @wrong, "$what $i: @$point is not in the table" and next unless $row && near($row->{survival}, $point->[1]);
            push @wrong, "$what $i: the band at $point->[0] is @$band" unless $row->{conf_low} eq '' || (near($band->[1], $row->{conf_low}) && near($band->[2], $row->{conf_high}));
        }
    }
    return @wrong;
}

{
    my @read = ($rotterdam, '--by', 'nodes_group', '--where', 'nodes < 11');
    my $kept = draw('curve', @read, '--suppress', '100', '--risk-table', 'extended');
    my ($axis, $factor) = axis_of($kept, 'days');
    my @at = table('curve', @read, '--suppress', '100', '--table', 'at_risk');
    my ($names, @below) = by_stratum(['nodes_group'], @at);
    my (undef, @open) = by_stratum(['nodes_group'], table('curve', @read));
    my @shown = table('curve', @read, '--suppress', '100');
    my @series = map { my $n = $_; [grep { $_->{nodes_group} eq $n } @shown] } @$names;
    check('suppress: curves of hidden strata are not drawn, others join what may be shown', wrong_joined('curve', $kept, $factor, 1, @series), (grep { !@$_ } @series) ? () : 'nothing is hidden');
    my @found = numbers_below($kept);
    my @tics = tics_of($kept);
    check('suppress: numbers below curves', map { my $s = $_; map { my $k = $_; map { my ($b, $column) = @$_; my $label = $found[$s][$b]{$tics[$k]}; says($label->{text}, $below[$s][$k]{$column}) ? () : "$names->[$s], $column at $tics[$k]: $label->{text}, not $below[$s][$k]{$column}" } [0, 'at_risk'], [1, 'censored'], [2, 'events'] } 0 .. $#tics } 0 .. $#below);
    check('suppress: no medians and censorings on curves', (points($kept, 'medians.dat'), points($kept, 'censored.dat')) ? 'there are some' : ());
    rates_chart('suppressed', ['nodes_group', 'grade'], '5y', $rotterdam, '--suppress', '60');
    heatmap('suppressed', ['nodes_group', 'grade'], '5y', $rotterdam, '--suppress', '60');
    trend('suppressed', '5y', $rotterdam, 'year', '--suppress', '50');
    people_chart('icons', 'suppressed', $rotterdam, '--by', 'grade', '--where', 'grade == 3 or nodes >= 10', '--at', '5y', '--suppress', '50');
    people_chart('timeline', 'suppressed', $rotterdam, @us, '--at', '1y,5y,10y', '--suppress', '800');
    my @net = ($rotterdam, @us, '--by', 'age_group', '--suppress', '150');
    $kept = draw('net', @net);
    my (undef, @curves) = by_stratum(['age_group'], table('net', @net, '--curve', '--table', 'curve'));
    my ($ages) = by_stratum(['age_group'], table('net', @net));
    check('suppress: net survival', wrong_joined('net', $kept, 365.25, 1, map { my $a = $_; (grep { $_->[0]{age_group} eq $a } @curves)[0] // [] } @$ages));
    my @crude = ($rotterdam, @us, '--suppress', '100');
    $kept = draw('crude', @crude);
    my @areas = table('net', @crude, '--curve', '--table', 'curve');
    check('suppress: crude probabilities', map { my $p = $_; (grep { near($_->{time} / 365.25, $p->[0]) && near($_->{crude_cancer}, $p->[2]) } grep { $_->{crude_cancer} ne '' } @areas) || $p->[0] == 0 ? () : "@$p is not in the table" } @{(blocks($kept, 'bands.dat'))[0]});
    context_chart('suppressed', 'months', \&is_quoted, $stage4, '--figures', $figures, '--suppress', '3000');
    for (['rates', 'rates', $rotterdam, '--by', 'nodes_group,grade', '--at', '5y', '60'], ['heatmap', 'rates', $rotterdam, '--by', 'nodes_group,grade', '--at', '5y', '60'], ['trend', 'rates', $rotterdam, '--by', 'year', '--at', '5y', '50'],
         ['icons', 'rates', $rotterdam, '--by', 'grade', '--where', 'grade == 3 or nodes >= 10', '--at', '5y', '50'], ['timeline', 'net', $rotterdam, @us, '--at', '1y,5y,10y', '800'],
         ['net', 'net', $rotterdam, @us, '--by', 'age_group', '--at', '5y', '150'], ['crude', 'net', $rotterdam, @us, '--at', '5y', '800'], ['curve', 'rates', $rotterdam, '--by', 'nodes_group', '--where', 'nodes < 11', '--at', '5y', '100'],
         ['context', 'context', $stage4, '--figures', $figures, '3000']) {
        my ($kind, $command, @given) = @$_;
        my $least = pop @given;
        my @names = $command eq 'context' ? qw(data_value conf_low conf_high) : $command eq 'net' ? qw(survival conf_low conf_high observed_survival expected_survival) : qw(survival conf_low conf_high);
        my @drawn = @given;  # a curve is drawn over all times
        splice @drawn, -2 if $kind =~ /^(net|crude|curve)$/;
        check("suppress: $kind tells nothing that the table hides", told(draw($kind, @drawn, '--suppress', $least), \@names, [table($command, @given)], [table($command, @given, '--suppress', $least)]));
    }
}

# --- delayed entry ---

my @msk = ("$shared/data/msk-breast-2018.tsv", '--recipe', 'datasets/recipes/msk-breast-2018.yaml');
if (-e $msk[0]) {
    curve_chart('delayed entry', 'months', ['receptor'], @msk, 'extended');
    rates_chart('delayed entry', ['receptor', 'presentation'], '3y', @msk);
    heatmap('delayed entry', ['receptor', 'sample_site'], '3y', @msk);
    people_chart('icons', 'delayed entry', @msk, '--at', '5y', '--by', 'presentation');
    context_chart('delayed entry', 'months', \&is_quoted, @msk, '--figures', 'datasets/figures/documents.yaml');
} else {
    Kept::skip('charts of delayed entry', 'the reference data are not there');
}
Kept::finish();
