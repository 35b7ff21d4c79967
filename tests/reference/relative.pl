#!/usr/bin/perl
# Compares `lustrum net` with relsurv's and popEpi's numbers. usage: relative.pl LUSTRUM SHARED BUILD [--differences]
# TAP on standard output, one test for each analysis; --differences prints the largest difference of each instead (docs/methods.md).
# relsurv looks a hazard up once in a step of a day and averages inside gaps, popEpi takes the hazard in the middle of a split row: so agreement
# is asked to 2e-4 on all patients of colrec, to a quarter of the standard error on small groups, and to 2e-3 with popEpi.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tables qw(table read_file words);

my ($lustrum, $shared, $build, $show) = @ARGV;
my $here = $FindBin::Bin;
my %tables = (slopop => "$shared/data/slopop.csv --lifetable-recipe $here/slopop.yaml", survexp => "$shared/data/survexp.us.csv --lifetable-recipe $here/survexp.yaml",
              popmort => "$shared/data/popmort.csv --lifetable-recipe $here/popmort.yaml");
my ($tests, $failed, @problems, $largest) = (0, 0);
my %cache;

sub net {
    my ($file, $recipe, $lifetable, $options, $table) = @_;
    my $path = $file =~ m{/} ? $file : "$shared/data/$file.csv";
    my $line = "$lustrum net '$path' --recipe $here/$recipe.yaml --lifetable $tables{$lifetable} $options --table $table --format csv --quiet";
    return $cache{$line} //= do { my $text = `$line`; die "$line: exit code $?\n" if $?; [table($text)] };
}

sub same {
    my ($what, $ours, $theirs, $within) = @_;
    return if $theirs eq 'NA' && $ours eq '';
    my $difference = $ours eq '' || $theirs eq 'NA' ? 9 : abs($ours - $theirs);
    $largest = $difference if !defined $largest || $difference > $largest;
    push @problems, sprintf '%s: ours %s, theirs %s, allowed %.2g', $what, $ours, $theirs, $within if !($difference <= $within);
}

sub report {
    my ($name, $n) = @_;
    push @problems, 'no reference rows' unless $n;
    $tests++;
    $failed += !!@problems;
    if ($show) { printf "%-14.3g %s\n", $largest // -1, $name }
    else {
        printf "%s %d - %s (%d values, within %.2g)\n", @problems ? 'not ok' : 'ok', $tests, $name, $n, $largest // 0;
        print "# $_\n" for @problems > 6 ? (@problems[0 .. 5], 'and ' . (@problems - 6) . ' more') : @problems;
    }
    @problems = ();
    $largest = undef;
}

my %reference = map { $_ => [table(read_file("$shared/reference/$_.csv"))] } qw(relsurv relsurv_expected_models popepi);
push @{ $reference{popepi} }, table(read_file("$here/popepi-yearly.csv")); # corrected as the monthly ones are
sub rows { my ($file, $set, $analysis) = @_; return grep { $_->{dataset} eq $set && $_->{analysis} eq $analysis } @{ $reference{$file} } }
sub analyses {
    my ($file, $set, $like) = @_;
    my %seen;
    return grep { !$seen{$_}++ } map { $_->{analysis} } grep { $_->{dataset} eq $set && $_->{analysis} =~ $like } @{ $reference{$file} };
}

# relsurv's label of a stratum, dummies and all, as a level of ours.
sub level {
    my ($by, $label) = @_;
    return '' unless $by;
    return $1 eq '0' ? 'colon' : 'rectum' if $label =~ /^siterectum=(\d)/;
    return $label =~ /stage(\d+)=1/ ? $1 : 1 if $by eq 'stage';
    return agegroup($1) if $label =~ /agegr([\d+-]+)=1/;
    return agegroup($label =~ /agegr=(.*)/ ? $1 : '0-44') if $by eq 'agegr';
    return $label =~ s/^\w+=//r =~ s/\s+$//r;
}

my %groups;    # lustrum's names of the age groups, in order: of colrec in days, of sire in years
sub agegroup { my $i = { '0-44' => 0, '45-54' => 1, '55-64' => 2, '65-74' => 3, '75+' => 4 }->{ $_[0] }; return "group $i" }

sub by_level {
    my ($rows, $by) = @_;
    my %out;
    if ($by eq 'agegr') {
        my (%place, $n);
        $place{ $_->{agegr} } //= 'group ' . ($n++ // 0) for @$rows;
        $out{ $place{ $_->{agegr} } }{ $_->{time} } = $_ for @$rows;
    } else { $out{ $by ? $_->{$by} : '' }{ $_->{time} } = $_ for @$rows }
    return \%out;
}

my %column = (surv => 'survival', 'std.err' => 'std_error', lower => 'conf_low', upper => 'conf_high', 'n.risk' => 'at_risk', 'expected.surv' => 'expected_survival');

# At the default rs.surv reads its curve at the last exit before t; so do we then.
sub before_times {
    my ($curve, $by, @at) = @_;
    my %out;
    for my $row (@$curve) {
        for my $t (@at) { $out{ $by ? $row->{$by} : '' }{$t} = $row if $row->{time} < $t - 1e-9 }
    }
    return \%out if $by ne 'agegr';
    my (%place, $n, %named);
    $place{ $_->{agegr} } //= 'group ' . ($n++ // 0) for @$curve;
    $named{ $place{$_} } = $out{$_} for keys %out;
    return \%named;
}

sub check_survival {
    my ($file, $set, $analysis, $recipe, $table, $tight) = @_;
    my @rows = rows($file, $set, $analysis);
    my ($method) = $analysis =~ /rs\.surv (\S+)/;
    my ($by) = $analysis =~ /~ ([a-z]\w*)/;
    my ($conf) = $analysis =~ /conf\.type=(\S+?):/;
    my %at = map { $_->{at} => 1 } @rows;
    my $options = "--method $method --at " . join(',', sort { $a <=> $b } keys %at) . ($by ? " --by $by" : '') . ($conf ? " --conf $conf" : '');
    my $ours = $analysis =~ /add\.times/ ? by_level(net($set, $recipe, $table, $options, 'net'), $by // '')
                                         : before_times(net($set, $recipe, $table, "$options --curve" =~ s/--at \S+/--at 30000/r, 'curve'), $by // '', keys %at);
    for my $r (@rows) {
        my ($row) = map { $ours->{ level($by, $r->{stratum}) }{$_} } grep { abs($_ - $r->{at}) < 1e-6 * $r->{at} } keys %{ $ours->{ level($by, $r->{stratum}) } // {} };
        push(@problems, "$r->{stratum} $r->{at}: no row"), next unless $row;
        my $column = $column{ $r->{statistic} } or next;
        next if $column eq 'at_risk' && $analysis !~ /add\.times/;    # of the exit before t
        my $within = $column eq 'at_risk' ? 0 : !$by && $tight ? $tight : $row->{std_error} eq '' ? 1e-3 : 0.25 * $row->{std_error};
        $within = 2e-4 if $column ne 'at_risk' && $within < 2e-4;
        same("$r->{stratum} $r->{at} $r->{statistic}", $row->{$column}, $r->{value}, $within);
    }
    report("$set, $analysis", scalar @rows);
}

sub check_crude {
    my ($analysis) = @_;
    my @rows = rows('relsurv', 'colrec', $analysis);
    my ($by) = $analysis =~ /~ ([a-z]\w*)/;
    my %ours;
    $ours{ $by ? $_->{$by} : '' }{ $_->{cause} }{ $_->{time} } = $_
        for @{ net('colrec', 'colrec', 'slopop', '--at 365.241,730.482,1826.205,3652.41' . ($by ? " --by $by" : ''), 'crude') };
    my %column = (est => 'probability', var => 'std_error', lower => 'conf_low', upper => 'conf_high');
    my $n = 0;
    for my $r (@rows) {
        my $column = $column{ $r->{statistic} } or next;    # area: years lost, which lustrum does not print
        my $cause = $r->{stratum} =~ /^causeSpec/ ? 'cancer' : 'other';
        my $row = $ours{ level($by, $r->{stratum} =~ s/^\w+ ?//r) }{$cause}{ $r->{at} } or do { push @problems, "$r->{stratum}: no row"; next };
        $n++;
        same("$r->{stratum} $r->{at} $r->{statistic}", $row->{$column}, $column eq 'std_error' ? sqrt($r->{value}) : $r->{value}, $by ? 5e-4 : 2e-4);
    }
    report("colrec, $analysis", $n);
}

sub check_test {
    my ($analysis) = @_;
    my @rows = rows('relsurv', 'colrec', $analysis);
    my ($by, $strata) = $analysis =~ /~ (\w+)(?: \+ strata\((\w+)\))?/;
    my ($row) = @{ net('colrec', 'colrec', 'slopop', "--by $by --test graffeo" . ($strata ? " --strata $strata" : ''), 'test') };
    my %column = (chisq => 'statistic', df => 'df', p => 'p_value');
    for my $r (@rows) {
        # relsurv's population hazards are those at the beginning of a day: the statistic moves by a few parts in a thousand
        my $within = $r->{statistic} eq 'chisq' ? 5e-3 * $r->{value} + 0.01 : $r->{statistic} eq 'df' ? 0 : 5e-3;
        same($r->{statistic}, $row->{ $column{ $r->{statistic} } }, $r->{value}, $within);
    }
    report("colrec, $analysis", scalar @rows);
}

sub check_expected {
    my ($set, $analysis, $recipe, $table, $method, $within, $by) = @_;
    my @rows = rows('relsurv_expected_models', $set, $analysis);
    my $file = $set eq 'lung' ? "$build/lung-dates.csv" : $set;
    my %at = map { $_->{at} => 1 } @rows;
    my $ours = by_level(net($file, $recipe, $table, "--method $method --at " . join(',', sort { $a <=> $b } keys %at) . ($by ? " --by $by" : ''), 'net'), $by // '');
    same("$_->{stratum} $_->{at}", $ours->{ level($by, $_->{stratum}) }{ $_->{at} + 0 }{$method =~ /ederer2/ ? 'expected_at_risk' : 'expected_survival'}, $_->{value}, $within) for @rows;
    report("$set, $analysis", scalar @rows);
}

# pyears: deaths observed and expected over the whole follow-up (lustrum prints no person-years).
sub check_pyears {
    my %theirs = map { $_->{statistic} => $_->{value} } rows('relsurv_expected_models', 'colrec', 'pyears ratetable=slopop (SMR pieces)');
    my ($row) = @{ net('colrec', 'colrec', 'slopop', '--at 10000', 'net') };
    same('observed', $row->{events}, $theirs{observed}, 0);
    same('expected', $row->{expected}, $theirs{expected}, 1e-8);
    report('colrec, pyears', 2);
}

# One patient's expected survival at its own time.
sub check_individual {
    my ($set, $analysis, $recipe, $table, $id, $time, $within) = @_;
    my @rows = rows('relsurv_expected_models', $set, $analysis);
    my @patients = table(read_file("$shared/data/$set.csv"));
    for my $r (@rows) {
        my $p = $patients[ $r->{at} =~ s/row//r - 1 ];
        my ($row) = @{ net($set, $recipe, $table, "--method ederer1 --where '$id == $p->{$id}' --at $p->{$time}", 'net') };
        same($r->{at}, $r->{statistic} eq 'expected.cumhaz' ? -log($row->{expected_survival}) : $row->{expected_survival}, $r->{value}, $within);
    }
    report("$set, $analysis", scalar @rows);
}

# survexp(Y2 ~ 1, data = colrec, rmap = list(age = age, sex = sex, year = diag), ratetable = slopop, times = 365.241 * c(1, 2, 5, 10),
# method = "hakulinen")$surv, with Y2 = time of the censored, and of the dead the days from diagnosis to the last day in the file.
sub check_hakulinen {
    my %theirs = (365.241 => 0.9568701, 730.482 => 0.9148610, 1826.205 => 0.7944230, 3652.41 => 0.6087052);
    same($_->{time}, $_->{expected_survival}, $theirs{ $_->{time} }, 1e-6)
        for @{ net('colrec', 'colrec', 'slopop', '--method hakulinen --at ' . join(',', sort { $a <=> $b } keys %theirs), 'net') };
    report('colrec, survexp method=hakulinen', 4);
}

# Not the measure as it is: relsurv 2.2-9's hakulinen looks slopop up ten years early, since the table's cut points count days from 1960 (class date)
# and the patients' dates from 1970. With `attr(slopop, "cutpoints")[[2]] <- as.Date(as.numeric(...), origin = "1960-01-01")` it says this.
sub check_relsurv_hakulinen {
    my %theirs = (365.241 => 0.6864025370, 730.482 => 0.5760905223, 1826.205 => 0.4564237741, 3652.41 => 0.4358574644);
    same($_->{time}, $_->{survival}, $theirs{ $_->{time} }, 2e-4)
        for @{ net('colrec', 'colrec', 'slopop', '--method hakulinen --at ' . join(',', sort { $a <=> $b } keys %theirs), 'net') };
    report('colrec, rs.surv method=hakulinen, cut points as Date', 4);
}

# The patients' own ages as a standard population: of all of them, or of those diagnosed in the window.
sub internal_weights {
    my ($set, $years) = @_;
    my $diagnosed = $years ? "--diagnosed $years" : '';
    open my $f, '>', "$build/$set-weights.csv" or die "$build/$set-weights.csv: $!\n";
    print $f "agegr,weight\n";
    print $f "$_->{agegr},$_->{n}\n" for table(scalar `$lustrum rates $shared/data/$set.csv --recipe $here/finland.yaml --by agegr --at 1y $diagnosed --format csv --quiet`);
    close $f;
    return "$build/$set-weights.csv";
}

sub check_popepi {
    my ($set, $analysis) = @_;
    my @rows = rows('popepi', $set, $analysis);
    my $method = $analysis =~ /relsurv\.method=pp/ ? 'pohar-perme' : 'ederer2';
    my ($by) = $analysis =~ /: fot ~ (agegr)/;
    my $is_yearly = $analysis =~ /0:10 years/;
    my $options = "--method $method --interval " . ($is_yearly ? '1y' : '1m') . ' --at 1y,3y,5y,10y --conf log-log';
    $options .= ' --by agegr' if $by;
    $options .= ' --period 2008-2012' if $analysis =~ /period2008/;
    $options .= " --standardise \L$1" if $analysis =~ /weights=(ICSS\d)/;
    $options .= " --standardise " . internal_weights($set, $analysis =~ /period2008/ ? '2008-2012' : '') if $analysis =~ /weights=internal/;
    my $ours = by_level(net($set, 'finland', 'popmort', $options, 'net'), $by // '');
    my %column = ('r.e2' => 'survival', 'r.pp' => 'survival', 'SE.r.e2' => 'std_error', 'SE.r.pp' => 'std_error', 'surv.obs' => 'observed_survival',
                  'r.e2.lo' => 'conf_low', 'r.pp.lo' => 'conf_low', 'r.e2.hi' => 'conf_high', 'r.pp.hi' => 'conf_high');
    my $n = 0;
    for my $r (@rows) {
        my $column = $column{ $r->{statistic} =~ s/\.as//r } or next;
        my $row = $ours->{ level($by, $r->{stratum}) }{ $r->{at} } or do { push @problems, "$r->{stratum} $r->{at}: no row"; next };
        next if $row->{survival} ne '' && $row->{survival} > 1 && $column =~ /conf/;    # log-log has no limits there
        $n++;
        same("$r->{stratum} $r->{at} $r->{statistic}", $row->{$column}, $r->{value}, $by && $row->{std_error} * 0.25 > 2e-3 ? $row->{std_error} * 0.25 : 2e-3);
    }
    report("$set, $analysis", $n);
}

mkdir $build;
open my $f, '>', "$build/lung-dates.csv" or die "$build/lung-dates.csv: $!\n";
print $f "time,status,age,sex,date\n";
print $f join(',', @$_{qw(time status age)}, $_->{sex} == 1 ? 'male' : 'female', '1990-01-01'), "\n" for table(read_file("$shared/data/lung.csv"));
close $f;

# hakulinen: see check_relsurv_hakulinen; survexp(Y2 ~ 1, ..., method = "hakulinen") has the numbers of check_hakulinen.
check_survival('relsurv', 'colrec', $_, 'colrec', 'slopop', 2e-4) for grep { !/precision=30|fleming|hakulinen/ } analyses('relsurv', 'colrec', qr/^rs\.surv/);
check_hakulinen();
check_relsurv_hakulinen();
check_crude($_) for analyses('relsurv', 'colrec', qr/^cmp\.rel/);
check_test($_) for analyses('relsurv', 'colrec', qr/^rs\.diff/);
check_survival('relsurv_expected_models', 'rdata', $_, 'rdata', 'slopop') for grep { !/hakulinen/ } analyses('relsurv_expected_models', 'rdata', qr/^rs\.surv/);
check_survival('relsurv_expected_models', 'rotterdam', $_, 'rotterdam', 'survexp') for analyses('relsurv_expected_models', 'rotterdam', qr/^rs\.surv/);
check_expected('colrec', 'survexp method=ederer ratetable=slopop', 'colrec', 'slopop', 'ederer1', 1e-11);
check_expected('colrec', 'survexp method=conditional ratetable=slopop', 'colrec', 'slopop', 'ederer2', 1e-11);
check_expected('rotterdam', 'survexp ederer ratetable=survexp.us', 'rotterdam', 'survexp', 'ederer1', 1e-3);
check_expected('rotterdam', 'survexp conditional ratetable=survexp.us', 'rotterdam', 'survexp', 'ederer2', 1e-3);
check_expected('rotterdam', 'survexp hakulinen (potential follow-up to 2008-01-01, at least dtime) ratetable=survexp.us', 'rotterdam', 'survexp', 'hakulinen --closing 2008-01-01', 1e-3);
check_expected('lung', 'survexp ederer ~ sex, year=1990-01-01, ratetable=survexp.us', 'lung', 'survexp', 'ederer1', 1e-3, 'sex');
check_pyears();
check_individual('colrec', 'survexp method=individual.s ratetable=slopop, at own time', 'colrec', 'slopop', 'id', 'time', 1e-12);
for my $set (qw(sire sibr)) {
    check_survival('popepi', $set, $_, 'finland-days', 'popmort') for analyses('popepi', $set, qr/^rs\.surv/);
    check_popepi($set, $_) for grep { !/cif|cause|~ FOT|counts/ && !(/lifetable/ && /yearly/) && !(/relsurv\.method=pp/ && !/CORRECTED/) } analyses('popepi', $set, qr/^survtab/);
}
print "1..$tests\n" unless $show;
exit($failed ? 1 : 0);
