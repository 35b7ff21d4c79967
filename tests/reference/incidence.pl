#!/usr/bin/perl
# Compares incidence with the reference tables of competing risks, value by value: Aalen-Johansen by R's survfit and from the
# definition, with weights, late entry and both variances; time lost; Gray's test.
# usage: incidence.pl LUSTRUM SHARED BUILD      TAP on standard output, one test for each analysis
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tables qw(table read_file);
use Time::Local qw(timegm);

my ($lustrum, $shared, $build) = @ARGV;
my $tolerance = 1e-9;    # relative
system('mkdir', '-p', $build) == 0 or die;

my %reference;
for my $file ('competing_risks.csv', 'inference/competing_risks2.csv') {
    push @{ $reference{ $_->{dataset} }{ $_->{analysis} } }, $_ for table(read_file("$shared/reference/$file"));
}

# --- the inputs: who has which event first is derived, as the reference says ---

sub write_rows {
    my ($name, $columns, @rows) = @_;
    open my $f, '>', "$build/$name" or die;
    print $f join(',', @$columns), "\n";
    print $f join(',', map { /[,"]/ ? "\"$_\"" : $_ } @$_), "\n" for @rows;
    close $f or die;
}
sub days { my ($y, $m, $d) = split /-/, shift; return timegm(0, 0, 0, $d, $m - 1, $y) / 86400 }

write_rows('mgus2.csv', [qw(id sex agegr time event copies weight late)], map {
    my $r = $_;
    my $time = $r->{pstat} == 1 ? $r->{ptime} : $r->{futime};
    my $late = $r->{id} % 2 ? 0 : $time - 0.5 < 6 ? $time - 0.5 : 6;
    $late = 0 if $time <= 0.5;
    [$r->{id}, $r->{sex}, $r->{age} < 60 ? '<60' : $r->{age} < 75 ? '60-74' : '75+', $time, $r->{pstat} == 1 ? 1 : 2 * $r->{death},
        1 + $r->{id} % 3, 0.5 + ($r->{id} % 7) / 4, $late]
} table(read_file("$shared/data/mgus2.csv")));
my @sire = grep { $_->{dg_date} ne $_->{ex_date} } table(read_file("$shared/data/sire.csv"));
write_rows('sire.csv', [qw(agegr agegr5 per time event)], map {
    my $age = $_->{dg_age};
    [$age < 55 ? '<55' : $age < 65 ? '55-64' : $age < 75 ? '65-74' : '75+', '', $_->{dg_date} lt '2003' ? 'a' : 'b',
        days($_->{ex_date}) - days($_->{dg_date}), $_->{status}]
} @sire);
write_rows('period.csv', [qw(time event late)], grep { $_->[0] > $_->[2] } map {
    my $from = days($_->{dg_date});
    my ($time, $until, $late) = (days($_->{ex_date}) - $from, days('2013-01-01') - $from, days('2008-01-01') - $from);
    $time < $until ? [$time, $_->{status}, $late < 0 ? 0 : $late] : [$until, $time > $until ? 0 : $_->{status}, $late < 0 ? 0 : $late]
} @sire);
write_rows('rotterdam.csv', [qw(size grade hormon time event)], map {
    [$_->{size}, $_->{grade}, $_->{hormon}, $_->{recur} == 1 ? $_->{rtime} : $_->{dtime}, $_->{recur} == 1 ? 1 : 2 * $_->{death}]
} table(read_file("$shared/data/rotterdam.csv")));
system('cp', "$shared/data/pbc.csv", "$build/pbc.csv") == 0 or die;

# --- the comparison ---

my %cache;
sub lustrum {
    my ($arguments) = @_;
    my $line = "$lustrum incidence $build/$arguments --format csv --quiet";
    return @{ $cache{$line} //= do { my $text = `$line`; die "$line: exit code $?\n" if $?; [table($text)] } };
}

my ($tests, $failed) = (0, 0);
sub check {
    my ($set, $analysis, $arguments, $kind) = @_;
    my ($by) = $arguments =~ /--by (\S+)/;
    my $rows = $reference{$set}{$analysis};
    my ($n, @problems) = (0);
    push @problems, 'the reference has no such analysis' unless $rows;
    my $same = sub {
        my ($what, $ours, $theirs) = @_;
        $n++;
        my $scale = abs($theirs) > 1e-3 ? abs($theirs) : 1;
        push @problems, "$what: ours '$ours', reference $theirs" unless $ours ne '' && abs($ours - $theirs) <= $tolerance * $scale;
    };
    my %want;
    $want{"$_->{stratum}|$_->{at}|$_->{statistic}"} = $_->{value} for @{ $rows // [] };
    if ($kind eq 'gray') {
        for my $row (lustrum("$arguments --table tests")) {
            my %column = (chisq => 'statistic', df => 'df', p => 'p_value');
            $same->("$row->{cause} $_", $row->{ $column{$_} }, $want{"$row->{cause}|test|$_"}) for keys %column;
        }
    } else {
        my %seen;
        my $at = join ',', grep { /^[\d.]+$/ && !$seen{$_}++ } map { $_->{at} } @{ $rows // [] };
        my @confs = $kind eq 'survfit' ? qw(log-log plain log) : ('log-log');
        for my $conf (@confs) {
            for my $row (lustrum("$arguments --conf $conf --at $at" . ($kind =~ /^(delta|aalen)$/ ? " --variance $kind" : ''))) {
                my $stratum = defined $by ? "$row->{$by} $row->{cause}" : $row->{cause};
                my $get = sub { return $want{"$stratum|$row->{time}|$_[0]"} };
                my $name = "$stratum $row->{time}";
                if ($kind eq 'lost') {
                    my $value = $want{ (defined $by ? "$row->{$by}, " : '') . "$row->{cause}|$row->{time}|rmean" };
                    my $unit = $arguments =~ /--unit days/ ? 365.25 : 12;
                    $same->("$name time lost", $row->{years_lost} * $unit, $value) if defined $value;
                    next;
                }
                my $value = $get->($kind eq 'survfit' ? 'pstate' : 'estimate');
                push @problems, "$name: not in the reference" unless defined $value;
                next unless defined $value;
                $same->("$name estimate", $row->{incidence}, $value);
                my $error = $kind eq 'survfit' ? $get->('std.err') : $get->("var.$kind");
                $error = sqrt $error if defined $error && $kind ne 'survfit';
                $same->("$name error", $row->{std_error}, $error) if defined $error && $error ne 'NA';
                my $suffix = $kind eq 'survfit' ? $conf : "log-log.$kind";
                for (['lower', 'conf_low'], ['upper', 'conf_high']) {
                    my $limit = $get->("$_->[0].$suffix");
                    $same->("$name $_->[0]", $row->{ $_->[1] }, $limit) if defined $limit && $limit ne 'NA' && $value > 0;
                }
            }
        }
    }
    $tests++;
    push @problems, 'nothing was compared' unless $n;
    $failed++ if @problems;
    printf "%sok %d - incidence, %s: %s (%s): %d values\n", @problems ? 'not ' : '', $tests, $set, $analysis, $kind, $n;
    print "# $_\n" for @problems[0 .. ($#problems < 9 ? $#problems : 9)];
}

my $pcm = '--time time --unit months --event event --causes pcm=1,death=2';
my $sire = '--time time --unit days --event event --causes cancer=1,other=2';
my $recur = '--time time --unit days --event event --causes relapse=1,death=2';
my $pbc = '--time time --unit days --event status --causes transplant=1,death=2';
for my $x (
    ['mgus2', 'Surv(etime, ev) ~ 1', "mgus2.csv $pcm"],
    ['mgus2', 'Surv(etime, ev) ~ agegr (<60, 60-74, 75+)', "mgus2.csv $pcm --by agegr"],
    ['sire', 'Surv(t, ev) ~ agegr (<55, 55-64, 65-74, 75+), t = ex_date - dg_date in days, rows with t = 0 left out', "sire.csv $sire --by agegr"],
    ['pbc', 'Surv(time, ev) ~ sex', "pbc.csv $pbc --by sex"],
    ['rotterdam', 'relapse (recur=1 at rtime) against death without (dtime) ~ size', "rotterdam.csv $recur --by size"],
  ) {
    my ($set, $analysis, $arguments) = @$x;
    check($set, "Aalen-Johansen from the definition, $analysis", $arguments, $_) for qw(delta aalen);
    check($set, "survfit multi-state (infinitesimal jackknife), $analysis", $arguments, 'survfit');
    for my $lost (grep { /^time in state to [\d.]+, \Q$analysis\E$/ } sort keys %{ $reference{$set} }) { check($set, $lost, $arguments, 'lost') }
}
my $late = 'Surv(entry, etime, ev) ~ sex, entry = min(6, etime - 0.5) for even id, else 0 (0 where etime <= 0.5; rows with etime <= entry left out)';
check('mgus2', "Aalen-Johansen from the definition, $late", "mgus2.csv $pcm --by sex --entry late --where 'time > late'", $_) for qw(delta aalen);
my $period = 'period 2008-2012 (entry = max(0, 2008-01-01 - dg_date), exit before 2013-01-01) Surv(entry, t, ev) ~ 1';
check('sire', "Aalen-Johansen from the definition, $period", "period.csv $sire --entry late", $_) for qw(delta aalen);
check('mgus2', 'survfit multi-state (infinitesimal jackknife), Surv(etime, ev) ~ sex, weights = 1 + id mod 3',
    "mgus2.csv $pcm --by sex --weight copies --weight-is sampling", 'survfit');
check('mgus2', 'survfit multi-state (infinitesimal jackknife), Surv(etime, ev) ~ sex, weights = 0.5 + (id mod 7)/4',
    "mgus2.csv $pcm --by sex --weight weight", 'survfit');
for my $rho (0, 1) {
    my $gray = "Gray test rho=$rho, ~ ";
    check('mgus2', "${gray}agegr", "mgus2.csv $pcm --by agegr --rho $rho", 'gray');
    check('mgus2', "${gray}sex, strata agegr", "mgus2.csv $pcm --by sex --strata agegr --rho $rho", 'gray');
    check('sire', "${gray}agegr", "sire.csv $sire --by agegr --rho $rho", 'gray');
    check('sire', "${gray}per (1993-2002, 2003-2012), strata agegr", "sire.csv $sire --by per --strata agegr --rho $rho", 'gray');
    check('pbc', "${gray}edema", "pbc.csv $pbc --by edema --rho $rho", 'gray');
    check('rotterdam', "${gray}size", "rotterdam.csv $recur --by size --rho $rho", 'gray');
    check('rotterdam', "${gray}size, strata grade", "rotterdam.csv $recur --by size --strata grade --rho $rho", 'gray');
}
print "1..$tests\n";
exit($failed > 0);
