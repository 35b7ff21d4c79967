#!/usr/bin/perl
# Under --suppress N no count of people or events under N is to be found anywhere, in no command, table, format or note, and what
# is hidden cannot be had from what is shown: along each key more than one is hidden, N together or more.
# usage: suppress.pl LUSTRUM    TAP on standard output
use strict;
use warnings;

my $lustrum = shift;
$lustrum = "./$lustrum" unless $lustrum =~ m{/};
my $work = "/tmp/lustrum-suppress-$$";
mkdir $work or die "$work: $!\n";
END { local $?; system('rm', '-rf', $work) if $work }
my $tests = 0;

# What counts people, by the names for machines and by those for people.
my %counts = map { $_ => 1 } qw(n events censored at_risk events_by entered of observed missing left_out remaining),
    'at risk', 'events by', 'left out', 'deaths';

sub run {
    my (@arguments) = @_;
    my $command = join ' ', map { "'" . s/'/'\\''/gr . "'" } $lustrum, @arguments;
    my $out = `$command 2>$work/stderr`;
    die "$command: exit code $?: " . `cat $work/stderr` if $?;
    open my $f, '<', "$work/stderr" or die;
    my @notes = map { /^lustrum: note: (.*)/ ? $1 : () } <$f>;
    return ($out, @notes);
}

sub csv {
    my ($text) = @_;
    my (@rows, @row);
    while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^,\n]*))([,\n])/gc) {
        push @row, defined $1 ? $1 =~ s/""/"/gr : $2;
        next if $3 eq ',';
        push @rows, [@row];
        @row = ();
    }
    my $header = shift @rows;
    return ($header, map { my $r = $_; +{map { $header->[$_] => $r->[$_] } 0 .. $#$header} } @rows);
}

sub is_small { my ($x, $least) = @_; return defined $x && $x =~ /^[0-9.e+]+$/ && $x > 0 && $x < $least }

# --- what is wrong with one table ---

# Counts under N, and the survivors that a row lets be had.
sub small_counts {
    my ($least, @rows) = @_;
    my @wrong;
    for my $row (@rows) {
        for my $name (sort grep { $counts{$_} } keys %$row) {
            push @wrong, "$name = $row->{$name}" if is_small($row->{$name}, $least);
        }
        for my $dead (grep { exists $row->{$_} } qw(events observed)) {
            next unless exists $row->{n} && $row->{n} =~ /\d/ && $row->{$dead} =~ /\d/;
            push @wrong, "n - $dead = " . ($row->{n} - $row->{$dead}) if is_small($row->{n} - $row->{$dead}, $least);
        }
    }
    return @wrong;
}

# Deaths by one time less those by another, of the same people.
sub small_between {
    my ($least, $keys, @rows) = @_;
    my %by;
    push @{$by{join '|', @$_{@$keys}}}, $_->{events_by} for grep { ($_->{events_by} // '') =~ /\d/ } @rows;
    my @wrong;
    for my $name (sort keys %by) {
        my @dead = sort { $a <=> $b } @{$by{$name}};
        push @wrong, map { "$name: $dead[$_] - $dead[$_ - 1]" } grep { is_small($dead[$_] - $dead[$_ - 1], $least) } 1 .. $#dead;
    }
    return @wrong;
}

# Of the cells of a line, which add up to a whole that may be known, one is never hidden alone, nor fewer than N together.
# keys: columns that name the cells; of: those whose missing level is not in the whole.
sub lines_told {
    my ($least, $column, $keys, $of, $shown, $true) = @_;
    my @wrong;
    for my $key (@$keys) {
        my %line;
        for my $i (0 .. $#$true) {
            next if $of->{$key} && $true->[$i]{$key} eq 'missing';
            push @{$line{join '|', map { $true->[$i]{$_} } grep { $_ ne $key } @$keys}}, $i;
        }
        for my $name (sort keys %line) {
            my @hidden = grep { $shown->[$_]{$column} !~ /\d/ } @{$line{$name}};
            next unless @hidden && @{$line{$name}} > 1;
            my $sum = 0;
            $sum += $true->[$_]{$column} for @hidden;
            next if @hidden == @{$line{$name}};
            push @wrong, "$column along $key of $name: one is hidden" if @hidden == 1;
            push @wrong, "$column along $key of $name: $sum are hidden" if is_small($sum, $least);
        }
    }
    return @wrong;
}

# Nobody is fewer than one: what --suppress 1 hides has no role, or rows of which nobody has said whose they are.
my %is_data = map { $_ => 1 } qw(example time_min time_max note);
sub hidden_of_one {
    my ($table, $command, @true) = @_;
    my ($header, @shown) = csv((run(@$command, '--suppress', 1, '--format', 'csv', '--table', $table))[0]);
    my @wrong;
    for my $i (0 .. $#true) {
        next if is_small($true[$i]{observed}, 1); # weighted deaths
        push @wrong, map { "$_ is $shown[$i]{$_} under --suppress 1, not $true[$i]{$_}" }
            grep { !$is_data{$_} && ($shown[$i]{$_} // '') ne $true[$i]{$_} } @$header;
    }
    return @wrong;
}

# --- formats for people: tables of rows of cells, the first of which is the header ---

sub markdown { return map { [map { [map { s/^ +| +$//gr } (split /\|/)[1 .. tr/|// - 1]] } grep { /^\|/ && !/^\| :?-/ } split /\n/] } split /\n\n+/, shift }
sub latex { return map { [map { [split / & /, s/ \\\\$//r] } grep { / \\\\$/ } split /\n/] } split /\\begin\{table\}/, shift }
sub html {
    my ($out) = @_;
    return map { [map { [map { s/<[^>]*>//gr } m{<t[hd][^>]*>(.*?)</t[hd]>}g] } m{<tr>(.*?)</tr>}g] } split /<table>/, $out;
}
# Cells are two spaces apart; levels that repeat are not printed, so they are told from the right.
sub text { return map { [map { [split /  +/, s/^ +//r] } grep { /\S  +\S/ } split /\n/] } split /\n\n+/, shift }

sub small_cells {
    my ($least, $from_right, @tables) = @_;
    my @wrong;
    for my $table (@tables) {
        my ($header, @rows) = @$table;
        for my $row (@rows) {
            for my $i (0 .. $#$row) {
                my $name = $header->[$from_right ? $i - @$row : $i];
                push @wrong, "$name = $row->[$i]" if defined $name && $counts{$name} && is_small($row->[$i], $least);
            }
        }
    }
    return @wrong;
}

sub small_in_json {
    my ($least, $text) = @_;
    return map { "$$_[0] = $$_[1]" } grep { $counts{$$_[0]} && is_small($$_[1], $least) } map { [split /": /] } $text =~ /"(\w+": [0-9.e+]+)/g;
}

# What notes may say: shares, times, levels of confidence, the words of method; any other number under N is a count.
sub small_in_notes {
    my ($least, @notes) = @_;
    my @wrong;
    for my $note (@notes) {
        my $rest = $note;
        $rest =~ s/"[^"]*"|<\d+|\d+\+//g; # names of columns, levels
        $rest =~ s/\d+(\.\d+)? %|\d+(\.\d+)? (years|months|weeks|days|year|month)\b|\bunder \d+\b|\bfewer than 10\b//g;
        $rest =~ s/1 July|1 January|the 15th|ICSS \d|\(\d\d?, ?\d\d?\)|has \d+(\.\d+)? days//g;
        push @wrong, "\"$note\"" if grep { is_small($_, $least) } $rest =~ /(?<![\w.-])(\d+)(?![\w.-])/g;
    }
    return @wrong;
}

# --- one command ---

# tables: name => columns that are keys. adds: tables whose n and events add up along the keys, with the key that counts known
# values. The first table is also checked in every format.
sub check {
    my ($name, $least, $command, $tables, %how) = @_;
    my @wrong;
    for my $table (@$tables) {
        my ($true_csv) = run(@$command, '--format', 'csv', '--table', $table);
        my ($shown_csv, @notes) = run(@$command, '--suppress', $least, '--format', 'csv', '--table', $table);
        my ($header, @true) = csv($true_csv);
        my (undef, @shown) = csv($shown_csv);
        push @wrong, map { "$table: $_" } small_counts($least, @shown);
        push @wrong, small_in_notes($least, @notes);
        push @wrong, map { "$table: $_" } hidden_of_one($table, $command, @true) unless $how{may_drop}{$table};
        push @wrong, "$table has " . @shown . ' rows, not ' . @true unless @shown == @true || $how{may_drop}{$table};
        my $adds = $how{adds}{$table} or next;
        push @wrong, map { "$table: $_" } small_between($least, $adds, @shown);
        for my $column (grep { my $c = $_; grep { $c eq $_ } @$header } qw(n events observed)) {
            push @wrong, map { "$table: $_" } lines_told($least, $column, $adds, $how{of} // {}, \@shown, \@true);
        }
    }
    my %people = (markdown => \&markdown, latex => \&latex, html => \&html, text => \&text);
    for my $format (sort keys %people) {
        my ($out) = run(@$command, '--suppress', $least, '--format', $format);
        push @wrong, map { "$format: $_" } small_cells($least, $format eq 'text', $people{$format}->($out));
    }
    my ($json) = run(@$command, '--suppress', $least, '--format', 'json');
    my ($in_notes) = $json =~ /"notes": \[\n(.*?)\n  \]/s;
    push @wrong, map { "json: $_" } small_in_json($least, $json), small_in_notes($least, map { s/^ *"|",?$//gr } split /\n/, $in_notes // '');
    $tests++;
    printf "%s %d - %s, N = %d\n", @wrong ? 'not ok' : 'ok', $tests, $name, $least;
    my %seen;
    print map { "# $_\n" } grep { !$seen{$_}++ } @wrong;
}

# --- data ---

my $state = 1;
sub draw { $state = ($state * 1103515245 + 12345) % 2147483648; return ($state >> 8) % shift } # 0 to n - 1

# People of skewed groups: a few large, many small; late entries, missing levels, overlapping sites, ages.
sub make_data {
    my ($seed, $n) = @_;
    $state = $seed * 7919 + 17;
    my $path = "$work/d$seed";
    open my $f, '>', "$path.csv" or die;
    print $f "t,entry,d,g,h,age,bone,liver,lung\n";
    for my $i (1 .. $n) {
        my $entry = draw(4) ? 0 : draw(3);
        my $g = ('a', 'a', 'a', 'b', 'b', 'c', 'd', 'e')[draw(3) ? draw(5) : draw(8)];
        my $h = draw(25) ? ('x', 'x', 'y', 'z')[draw(3 + !draw(4))] : '';
        printf $f "%d,%d,%d,%s,%s,%d,%d,%d,%d\n", $entry + 1 + draw(20), $entry, draw(5) > ($g eq 'b' ? 3 : 1), $g, $h, 30 + draw(60),
            draw(3) == 0, draw(4) == 0, draw(12) == 0;
    }
    print $f "3,0,1,f,x,50,0,0,0\n9,0,0,f,x,50,0,0,0\n";
    close $f;
    open $f, '>', "$path.yaml" or die;
    print $f <<'YAML';
time: {column: t, unit: months, entry: entry, from: diagnosis}
event: {column: d, measure: OS}
factors:
  site: {any_of: {bone: 'bone == 1', liver: 'liver == 1', lung: 'lung == 1'}}
claims: {bone: 'bone == 1', lung: 'lung == 1 and h == "y"'}
YAML
    close $f;
    open $f, '>', "$path-figures.yaml" or die;
    print $f "figures:\n";
    for my $g (qw(a b c d e)) {
        print $f "  - {id: survival-$g, where: 'g == \"$g\"', statistic: survival, at: 10m, value: 0.95, measure: OS}\n";
        print $f "  - {id: median-$g, where: 'g == \"$g\"', statistic: median, value: 40, unit: months, measure: OS}\n";
    }
    print $f "  - {id: order, statistic: order, at: 10m, groups: ['g == \"e\"', 'g == \"a\"'], qualifier: less than, measure: OS}\n";
    print $f "  - {id: bone, statistic: proportion, claim: bone, value: 0.9}\n  - {id: lung, statistic: proportion, claim: lung, value: 0.9}\n";
    print $f "  - {id: age, statistic: median_of, of: age, where: 'g == \"c\"', value: 20}\n";
    close $f;
    return $path;
}

# A figure whose group has fewer than N people, deaths or survivors tells nothing; its finding is not listed.
sub check_context {
    my ($path, $least) = @_;
    my @command = ('context', "$path.csv", '--figures', "$path-figures.yaml");
    my (undef, @shown) = csv((run(@command, '--suppress', $least, '--format', 'csv'))[0]);
    my (undef, @rates) = csv((run('rates', "$path.csv", '--by', 'g', '--at', '10m', '--format', 'csv'))[0]);
    my %of = map { $_->{g} => $_ } @rates;
    my @wrong;
    for my $row (@shown) {
        push @wrong, "$row->{figure}: $row->{note}" if $row->{note} =~ /\bn \d/;
        my ($g) = $row->{figure} =~ /^(?:survival|median)-(.)$/ or next;
        my $r = $of{$g} or next;
        next unless grep { is_small($_, $least) } $r->{n}, $r->{events}, $r->{n} - $r->{events};
        push @wrong, "$row->{figure}: $_ = $row->{$_}" for grep { $row->{$_} ne '' } qw(data_value conf_low conf_high difference verdict);
    }
    my ($json) = run(@command, '--suppress', $least, '--format', 'json');
    my %hidden = map { $_->{figure} => 1 } grep { $_->{verdict} eq '' } @shown;
    my ($checks) = $json =~ /"checks": \[(.*?)\n    \]/s;
    push @wrong, map { "a finding of $_" } grep { $hidden{$_} } ($checks // '') =~ /"figure": "([^"]*)"/g;
    $tests++;
    printf "%s %d - context of groups, N = %d\n", @wrong ? 'not ok' : 'ok', $tests, $least;
    print map { "# $_\n" } @wrong;
}

# --- charts: the labels that gnuplot draws, and what the description says ---

# Where on its sheet a kind of chart has counts.
my %has_count = (
    (map { $_ => sub { $_[1] < -0.2 } } qw(curve net crude)), # below the axis: the numbers at risk
    rates => sub { $_[0] <= -0.12 && $_[0] >= -0.25 },
    trend => sub { $_[1] == -0.17 },
);

sub check_chart {
    my ($least, $kind, $file, @options) = @_;
    my $kept = "$work/kept";
    system('rm', '-rf', $kept);
    run('plot', $kind, $file, @options, '--suppress', $least, '--keep-script', $kept, '-o', "$work/o.svg");
    my @wrong;
    for my $labels (glob "$kept/*.dat") {
        open my $f, '<', $labels or die;
        while (<$f>) {
            chomp;
            my ($x, $y, $text) = split /\t/;
            next unless defined $text;
            my $count = $text =~ /^n (\d+)$/ ? $1 : $has_count{$kind} && $has_count{$kind}->($x, $y) && $text =~ /^(\d+)$/ ? $1 : next;
            push @wrong, "$labels: $text" if is_small($count, $least);
        }
    }
    open my $f, '<', "$work/o.svg" or die;
    my ($said) = do { local $/; <$f> } =~ m{<desc[^>]*>(.*?)</desc>}s;
    push @wrong, "the description: $1$2" while $said =~ /(n |n = )(\d+)/g && is_small($2, $least);
    if ($kind eq 'context') {
        my (undef, @figures) = csv((run('context', $file, @options, '--suppress', $least, '--format', 'csv'))[0]);
        push @wrong, map { "the description tells $_->{figure}" } grep { $_->{verdict} eq '' && $said =~ /\b$_->{figure}, [^.]*: data / } @figures;
        push @wrong, 'no figure is hidden' unless grep { $_->{verdict} eq '' } @figures;
    }
    # of a hundred people of few none are drawn
    push @wrong, 'few people are drawn' if $kind eq 'icons' && $said !~ /\bf, after [^.]*: not shown/;
    $tests++;
    printf "%s %d - plot %s, N = %d\n", @wrong ? 'not ok' : 'ok', $tests, join(' ', $kind, grep { !m{^/} } @options), $least;
    print map { "# $_\n" } @wrong;
}

for my $seed (1 .. 4) {
    my $path = make_data($seed, 60 * $seed);
    my $file = "$path.csv";
    my $least = (5, 10, 3, 20)[$seed - 1];
    my @all = ("data $seed", $least);
    check("rates by two keys, $all[0]", $least, ['rates', $file, '--by', 'g,h', '--missing', 'level', '--at', '5m,10m', '--quantiles', '25,75', '--rmst', '10m'],
          ['rates', 'quantiles', 'selection'], adds => {rates => ['g', 'h']});
    check("rates, $all[0]", $least, ['rates', $file, '--by', 'g', '--at', '5m', '--method', 'actuarial', '--no-entry'], ['rates', 'selection'], adds => {rates => ['g']});
    check("curve, $all[0]", $least, ['curve', $file, '--by', 'g'], ['curve'], may_drop => {curve => 1});
    check("compare, $all[0]", $least, ['compare', $file, '--by', 'g', '--test', 'peto-peto'], ['groups', 'pairs', 'differences', 'compare']);
    check("describe, $all[0]", $least, ['describe', $file, '--by', 'g,h'], ['describe', 'columns', 'selection'], adds => {describe => ['g', 'h']});
    check("shares by a key, $all[0]", $least, ['shares', $file, '--of', 'h', '--by', 'g'], ['shares', 'selection'], adds => {shares => ['g', 'level']}, of => {level => 1});
    check("shares of a condition, $all[0]", $least, ['shares', $file, '--of', 'age > 86'], ['shares'], adds => {shares => ['level']}, of => {level => 1});
    check("shares that overlap, $all[0]", $least, ['shares', $file, '--of', 'site', '--by', 'h'], ['shares']);
    check("strata that overlap, $all[0]", $least, ['rates', $file, '--by', 'site', '--at', '10m'], ['rates', 'selection']);
    check("context, $all[0]", $least, ['context', $file, '--figures', "$path-figures.yaml"], ['context', 'selection']);
    check_context($path, $least);
    next if $seed > 2;
    check_chart($least, 'curve', $file, '--by', 'g');
    check_chart($least, 'curve', $file, '--by', 'h', '--risk-table', 'extended');
    check_chart($least, 'rates', $file, '--by', 'g', '--at', '10m');
    check_chart($least, 'heatmap', $file, '--by', 'g,h', '--at', '5m');
    check_chart($least, 'trend', $file, '--by', 'bone', '--at', '5m');
    check_chart($least, 'icons', $file, '--where', 'g in ("a", "f")', '--by', 'g', '--at', '5m');
    check_chart($least, 'context', $file, '--figures', "$path-figures.yaml");
}
# Sixty people in each of three groups, of whom in one few die, or few live.
for my $dies (2, 57) {
    my $path = "$work/few$dies";
    open my $f, '>', "$path.csv" or die;
    print $f "t,d,g\n";
    for my $i (0 .. 179) { printf $f "%d,%d,%s\n", 1 + $i % 20, $i % 60 < ($i < 60 ? $dies : 30), substr('abc', $i / 60, 1) }
    close $f;
    my @columns = ('--time', 't', '--event', 'd', '--by', 'g');
    check("rates, $dies of 60 die", 5, ['rates', "$path.csv", @columns, '--at', '10'], ['rates'], adds => {rates => ['g']});
    check("describe, $dies of 60 die", 5, ['describe', "$path.csv", @columns], ['describe'], adds => {describe => ['g']});
    check("compare, $dies of 60 die", 5, ['compare', "$path.csv", @columns, '--at', '10'], ['groups', 'pairs'], adds => {groups => ['g']});
}
my ($rotterdam, @us) = ('datasets/rotterdam.csv', '--lifetable', 'datasets/lifetables/us.csv');
for my $least (10, 40) {
    check('rates of Rotterdam, standardised', $least, ['rates', $rotterdam, '--by', 'menopause', '--standardise', 'icss1', '--at', '1y,5y'], ['rates', 'selection']);
    check('rates of Rotterdam', $least, ['rates', $rotterdam, '--by', 'age_group,nodes_group', '--at', '1y,5y'], ['rates'], adds => {rates => ['age_group', 'nodes_group']});
    check('net survival', $least, ['net', $rotterdam, @us, '--by', 'nodes_group', '--where', 'age > 70', '--at', '1y,2y,5y', '--test', 'graffeo'], ['net', 'crude', 'test']);
    check('net survival by period', $least, ['net', $rotterdam, @us, '--by', 'grade', '--where', 'age > 75', '--at', '1y,5y', '--period', '1980-1984,1985-1990'], ['net', 'crude']);
    check('net survival, standardised', $least, ['net', $rotterdam, @us, '--standardise', 'icss1', '--by', 'menopause', '--at', '1y,5y'], ['net', 'crude']);
    check('the curve of net survival', $least, ['net', $rotterdam, @us, '--where', 'age > 75', '--by', 'grade', '--at', '5y', '--curve'], ['curve'], may_drop => {curve => 1});
    check_chart($least, 'net', $rotterdam, @us, '--by', 'nodes_group', '--where', 'age > 75');
    check_chart($least, 'crude', $rotterdam, @us, '--where', 'age > 75');
    check_chart($least, 'timeline', $rotterdam, '--where', 'age > 80', '--at', '1y,5y');
    check('stage 4', $least, ['rates', 'datasets/stage4.csv', '--by', 'receptor,site_only', '--at', '1y,5y,10y'], ['rates', 'selection'], adds => {rates => ['receptor', 'site_only']});
}
print "1..$tests\n";
