#!/usr/bin/perl
# Random small populations against exact fractions: Kaplan-Meier, Greenwood, Nelson-Aalen, Aalen-Johansen, with ties, late entry, whole
# weights; and what must not matter: the order of rows, a split into files, copies for weights, units, labels of
# strata, threads.
# usage: exact.pl LUSTRUM POPULATIONS [SEED]    TAP on standard output
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Kept;
use Math::BigRat try => 'GMP';

my ($lustrum, $n_populations, $seed) = @ARGV;
$seed //= 1;
$Kept::lustrum = $lustrum =~ m{/} ? $lustrum : "./$lustrum";
$Kept::work = my $work = "/tmp/lustrum-exact-$$";
print "# seed $seed\n";
mkdir $work or die "$work: $!\n";
END { local $?; system('rm', '-rf', $work) if $work }

my $state = $seed;
sub pick { $state = ($state * 1103515245 + 12345) % 2147483648; return ($state >> 8) % shift } # 0 to n - 1
sub frac { return Math::BigRat->new(shift) }

# Rows {pop, t, d, e, w}: few times, so that many are tied; d: 0, or the cause 1 or 2.
my @rows;
for my $pop (0 .. $n_populations - 1) {
    my ($n, $late, $most) = (1 + pick(12), pick(3) == 0, 1 + pick(9));
    for (1 .. $n) {
        my $entry = $late && pick(2) ? pick($most) : 0;
        my $time = $entry + 1 + pick($most);
        push @rows, {pop => "p$pop", t => $time, d => (0, 0, 1, 1, 2)[pick(5)], e => $entry, w => 1 + (pick(4) == 0) * pick(3)};
    }
}
my @names = do { my %seen; grep { !$seen{$_}++ } map { $_->{pop} } @rows };

sub write_rows {
    my ($path, @list) = @_;
    open my $f, '>', $path or die "$path: $!\n";
    print $f "pop,t,d,e,w\n", map { join(',', @$_{qw(pop t d e w)}) . "\n" } @list;
    close $f;
    return $path;
}
my @columns = ('--time', 't', '--unit', 'years', '--entry', 'e', '--weight', 'w', '--by', 'pop', '--id', 'none');
sub curves { my ($options, @files) = @_; return Kept::run('curve', @files, @columns, '--event', 'd=1,2', @$options, '--format', 'csv') }
sub incidences { my ($options, @files) = @_; return Kept::run('incidence', @files, @columns, '--event', 'd', '--causes', 'one=1,two=2', @$options, '--table', 'curve', '--format', 'csv') }

# By population: each time with what is exact there. A row at risk at t has entered before it, or at 0, and has not left.
sub exact_of {
    my (@people) = @_;
    my ($s, $hazard, $green, %out, @incidence) = (frac(1), frac(0), frac(0));
    @incidence = (frac(0), frac(0));
    my $zero_at;
    my %times = map { ($_->{t} => 1) } @people;
    for my $t (sort { $a <=> $b } keys %times) {
        my ($at_risk, @d) = (0, 0, 0);
        for (@people) {
            $at_risk += $_->{w} if $_->{t} >= $t && ($_->{e} < $t || $_->{e} == 0);
            $d[$_->{d} - 1] += $_->{w} if $_->{t} == $t && $_->{d};
        }
        my $d = $d[0] + $d[1];
        if ($at_risk) {
            $incidence[$_] += $s * frac("$d[$_]/$at_risk") for 0, 1;
            $hazard += frac("$d/$at_risk");
            $green = defined $green && $at_risk > $d ? $green + frac($d . '/' . $at_risk * ($at_risk - $d)) : undef if $d;
            $s *= 1 - frac("$d/$at_risk");
        }
        $zero_at //= $t if $s == 0;
        $out{$t} = {may_lack => !$at_risk || (defined $zero_at && !!grep({ $_->{e} && $_->{e} >= $zero_at } @people)), s => $s->copy, h => $hazard->copy, g => defined $green ? $green->copy : undef, i => [map { $_->copy } @incidence], r => $at_risk};
    }
    return \%out;
}
sub differs { my ($said, $exact) = @_; my $want = $exact->numify; return $said eq '' || abs($said - $want) > 1e-12 * (1 + abs $want) }

my $file = write_rows("$work/a.csv", @rows);
my (%people, %exact);
push @{$people{$_->{pop}}}, $_ for @rows;
my ($curve, $incidence) = (curves([], $file), incidences([], $file));
my ($n_absent, @wrong_absence) = (0);
my (@wrong_s, @wrong_g, @wrong_h, @wrong_i, %refilled, $n_rows, $n_incidences);
sub rows_of { my ($text) = @_; my ($head, @lines) = split /\n/, $text; my @n = split /,/, $head; return map { my %r; @r{@n} = split /,/, $_, -1; \%r } @lines }
for my $r (rows_of($curve)) {
    my $e = ($exact{$r->{pop}} //= exact_of(@{$people{$r->{pop}}}))->{$r->{time}};
    my $where = "$r->{pop} at $r->{time}";
    if ($r->{survival} eq '') { # nobody is at risk, or survival is 0 and others enter after that
        $n_absent++;
        push @wrong_absence, "$where: at risk $e->{r}, survival $e->{s}" if !$e->{may_lack};
        next;
    }
    $n_rows++;
    push @wrong_s, "$where: $r->{survival}, not $e->{s}" if differs($r->{survival}, $e->{s}) || $r->{at_risk} != $e->{r};
    push @wrong_h, "$where: $r->{cumulative_hazard}, not $e->{h}" if differs($r->{cumulative_hazard}, $e->{h});
    next if $r->{std_error} eq '' || !defined $e->{g} || $e->{s} == 0;
    push @wrong_g, "$where: $r->{std_error}" if abs($r->{std_error} ** 2 - ($e->{s} * $e->{s} * $e->{g})->numify) > 1e-12;
}
for my $r (rows_of($incidence)) {
    my $e = ($exact{$r->{pop}} //= exact_of(@{$people{$r->{pop}}}))->{$r->{time}};
    next if $r->{incidence} eq '' || !$e;
    $n_incidences++;
    my $want = $e->{i}[$r->{cause} eq 'two'];
    push @wrong_i, "$r->{pop} at $r->{time}, $r->{cause}: $r->{incidence}, not $want" if differs($r->{incidence}, $want);
}
check("$n_populations populations, $n_rows times: Kaplan-Meier is the exact fraction", @wrong_s, $n_rows ? () : 'no row');
check("$n_absent times without an estimate: nobody is at risk, or survival is 0 before others enter", @wrong_absence);
check('Greenwood', @wrong_g);
check('Nelson-Aalen', @wrong_h);
check("Aalen-Johansen, $n_incidences values", @wrong_i, $n_incidences ? () : 'no row');

# --- what must not matter ---
sub sorted { return join "\n", sort split /\n/, shift }
sub same { my ($name, $a, $b) = @_; check($name, sorted($a) eq sorted($b) ? () : 'the tables differ') }
my @shuffled = @rows;
for my $i (reverse 1 .. $#shuffled) { my $k = pick($i + 1); @shuffled[$i, $k] = @shuffled[$k, $i] }
my $mixed = write_rows("$work/b.csv", @shuffled);
same('the order of rows', $curve, curves([], $mixed));
my $half = int(@shuffled / 2);
same('a split into files', $curve, curves([], write_rows("$work/c1.csv", @shuffled[0 .. $half]), write_rows("$work/c2.csv", @shuffled[$half + 1 .. $#shuffled])));
same('copies for weights', $curve, curves([], write_rows("$work/d.csv", map { my $r = $_; map { {%$r, w => 1} } 1 .. $r->{w} } @rows)));
same('threads', $curve, curves(['--threads', '1'], $file));
same('threads, incidence', $incidence, incidences(['--threads', '3'], $file));
my %other = map { ($names[$_] => sprintf 'z%d', $#names - $_) } 0 .. $#names;
my $renamed = curves([], write_rows("$work/e.csv", map { {%$_, pop => $other{$_->{pop}}} } @rows));
my %back = reverse %other;
same('labels of strata', $curve, $renamed =~ s/^(z\d+)/$back{$1}/gmr);
my $months = Kept::run('curve', write_rows("$work/f.csv", map { {%$_, t => 12 * $_->{t}, e => 12 * $_->{e}} } @rows), '--time', 't', '--unit', 'months', @columns[4 .. $#columns], '--event', 'd=1,2', '--format', 'csv');
same('units', $curve, $months =~ s{^(p\d+),(\d+)}{"$1," . $2 / 12}gmer);
Kept::finish();
