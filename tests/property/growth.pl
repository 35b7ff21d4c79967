#!/usr/bin/perl
# How work grows: instructions of each command at n, 2n and 4n of one dimension (rows, columns, strata, levels, files, factors, figures,
# blank lines, notes, ...), counted by valgrind. What 2n to 4n adds is less than 2.6 times what n to 2n adds: linear adds twice as much,
# sorting a little more, a square four times. Prints the ratios; times are not looked at.
# usage: growth.pl LUSTRUM [NAME...]    TAP on standard output; NAME: only dimensions whose names hold it (make test runs a few, make growth all)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Kept;

my ($lustrum, @only) = @ARGV;
my $work = "/tmp/lustrum-growth-$$";
mkdir $work or die "$work: $!\n";
END { local $?; system('rm', '-rf', $work) if $work }
my ($valgrind) = grep { -x } map { "$_/valgrind" } split /:/, $ENV{PATH};
$ENV{COLUMNS} = 80;
delete $ENV{LUSTRUM_CPU};

sub file { my ($name, @lines) = @_; open my $f, '>', "$work/$name" or die "$work/$name: $!\n"; print $f map { "$_\n" } @lines; close $f; return "$work/$name" }
# Rows of patients: a time, a status and what `more` makes of the number.
my $state = 7;
sub pick { $state = ($state * 1103515245 + 12345) % 2147483648; return ($state >> 8) % shift }
sub patients { my ($name, $n, $columns, $more) = @_; return file($name, "id,t,d$columns", map { my $i = $_; join ',', "P$i", 1 + pick(200), pick(2), $more ? $more->($i) : () } 1 .. $n) }
my @read = ('--time', 't', '--unit', 'months', '--event', 'd=1', '--threads', '1', '--quiet');
my @csv = ('--format', 'csv');

# name, n, and the words of the command for n
my @dimensions = (
    ['rows, rates', 20000, sub { rates => patients('a.csv', shift, ',g', sub { 'abc' . pick(3) }), @read, '--by', 'g' }],
    ['rows, describe', 4000, sub { describe => patients('a.csv', shift, ',g,x', sub { ('abc' . pick(3), pick(1000)) }), @read }],
    ['rows, distinct decimal times, curve', 2000, sub { my $n = shift; curve => file('a.csv', 't,d', map { join ',', pick(999) . '.' . (100000 + pick(899999)), pick(2) } 1 .. $n), @read, @csv }],
    ['rows, late entry', 4000, sub { rates => patients('a.csv', shift, ',e', sub { 0 }), @read, '--entry', 'e' }],
    ['rows, fractional weights', 4000, sub { rates => patients('a.csv', shift, ',w', sub { '0.' . (1 + pick(999)) }), @read, '--weight', 'w' }],
    ['rows, cox', 2000, sub { cox => patients('a.csv', shift, ',x,y', sub { (pick(1000) / 7, pick(1000) / 3) }), @read, '--model', 'x + y' }],
    ['rows, subdistribution', 2000, sub { my $n = shift; cox => file('a.csv', 't,d,x', map { join ',', 1 + pick(30000), pick(3), pick(1000) / 7 } 1 .. $n), '--time', 't', '--unit', 'days', '--event', 'd', '--causes', 'a=1,b=2', '--cause', 'a', '--subdistribution', '--model', 'x', '--threads', '1', '--quiet' }],
    ['rows, net', 400, sub { my $n = shift; my $f = file('a.csv', 'age,sex,date,t,d', map { join ',', 50 + pick(30), (qw(male female))[pick(2)], (1990 + pick(9)) . '-05-12', 1 + pick(3000), pick(2) } 1 .. $n);
        file('a.yaml', 'time: {column: t, unit: days, from: diagnosis}', 'event: {column: d, is: [1]}', 'population: {age: age, sex: sex, date: date}'); (net => $f, '--recipe', "$work/a.yaml", '--lifetable', 'datasets/lifetables/us.csv', '--threads', '1', '--quiet') }],
    ['rows of one person', 2000, sub { my $n = shift; my $f = file('a.csv', 'id,t,d', map { join ',', 'P' . int($_ / 3), 1 + pick(200), pick(2) } 1 .. $n);
        file('a.yaml', 'time: {column: t, unit: days}', 'event: {column: d, is: [1]}', 'one_row_per: {column: id, keep: first}'); (rates => $f, '--recipe', "$work/a.yaml", '--threads', '1', '--quiet') }],
    ['columns, rates', 2000, sub { my $n = shift; rates => patients('a.csv', 40, join('', map { ",c$_" } 1 .. $n), sub { map { pick(100) } 1 .. $n }), @read }],
    ['columns, describe', 500, sub { my $n = shift; describe => patients('a.csv', 40, join('', map { ",c$_" } 1 .. $n), sub { map { pick(100) } 1 .. $n }), @read }],
    ['columns, recipe', 500, sub { my $n = shift; recipe => patients('a.csv', 40, join('', map { ",c$_" } 1 .. $n), sub { map { pick(2) } 1 .. $n }), '--quiet' }],
    ['columns of ids and dates, recipe', 50, sub { my $n = shift; recipe => patients('a.csv', 40, join('', map { ",c${_}id,date$_" } 1 .. $n), sub { map { ('K' . pick(20), '2014-01-' . (10 + pick(18))) } 1 .. $n }), '--quiet' }],
    ['strata, rates', 300, sub { my $n = shift; rates => patients('a.csv', 8 * $n, ',g', sub { 'g' . $_[0] % $n }), @read, '--by', 'g', @csv }],
    ['strata, curve', 150, sub { my $n = shift; curve => patients('a.csv', 8 * $n, ',g', sub { 'g' . $_[0] % $n }), @read, '--by', 'g', @csv }],
    ['strata, rates as text with notes', 150, sub { my $n = shift; rates => patients('a.csv', 8 * $n, ',g', sub { 'g' . $_[0] % $n }), @read, '--by', 'g', '--at', '30y' }],
    ['strata, suppressed', 100, sub { my $n = shift; rates => patients('a.csv', 8 * $n, ',g', sub { 'g' . $_[0] % $n }), @read, '--by', 'g', '--suppress', '5', @csv }],
    ['strata of two keys', 20, sub { my $n = shift; rates => patients('a.csv', 80 * $n, ',g,h', sub { ('g' . $_[0] % $n, 'h' . pick(10)) }), @read, '--by', 'g,h', @csv }],
    ['strata, incidence', 100, sub { my $n = shift; incidence => patients('a.csv', 8 * $n, ',g', sub { 'g' . $_[0] % $n }), '--time', 't', '--unit', 'months', '--event', 'd', '--causes', 'a=1', '--by', 'g', '--threads', '1', '--quiet', @csv }],
    ['levels, describe', 500, sub { my $n = shift; describe => patients('a.csv', 2 * $n, ',g', sub { 'level ' . $_[0] % $n }), @read }],
    ['levels in a recipe', 100, sub { my $n = shift; my $f = patients('a.csv', 200, ',g', sub { pick($n) });
        file('a.yaml', 'time: {column: t, unit: months}', 'event: {column: d, is: [1]}', 'factors:', '  f: {column: g, order: [' . join(', ', 0 .. $n - 1) . ']}'); (rates => $f, '--recipe', "$work/a.yaml", '--by', 'f', '--threads', '1', '--quiet', @csv) }],
    ['factors in a recipe', 100, sub { my $n = shift; my $f = patients('a.csv', 100, ',g', sub { pick(3) });
        file('a.yaml', 'time: {column: t, unit: months}', 'event: {column: d, is: [1]}', 'factors:', map { "  f$_: {column: g, order: [\"0\", \"1\", \"2\"]}" } 1 .. $n); (rates => $f, '--recipe', "$work/a.yaml", '--threads', '1', '--quiet', @csv) }],
    ['factors, each on its own', 16, sub { my $n = shift; my $f = patients('a.csv', 400, join('', map { ",f$_" } 1 .. $n), sub { map { pick(3) } 1 .. $n }); (rates => $f, @read, '--by', join(',', map { "f$_" } 1 .. $n), '--each', @csv) }],
    ['words of --where', 50, sub { my $n = shift; rates => patients('a.csv', 200, ',g', sub { pick(9) }), @read, '--where', join ' or ', map { "g == $_" } 1 .. $n }],
    ['horizons', 100, sub { my $n = shift; rates => patients('a.csv', 300, ''), @read, '--at', join(',', map { "${_}d" } 1 .. $n), @csv }],
    ['files', 100, sub { my $n = shift; my @files = map { file("f$_.csv", 'id,t,d', map { join ',', $_, 1 + pick(99), pick(2) } 1 .. 5) } 1 .. $n; rates => @files, @read, '--id', 'none' }],
    ['figures', 50, sub { my $n = shift; my $f = patients('a.csv', 200, '');
        my $figures = file('f.yaml', 'figures:', map { "  - {id: f$_, statistic: survival, at: 5y, value: 0." . (10 + pick(80)) . ', source: "S", measure: OS}' } 1 .. $n); (context => $f, '--figures', $figures, @read, @csv) }],
    ['blank lines', 4000, sub { my $n = shift; my $f = file('a.csv', 't,d', (map { (join(',', 1 + pick(99), pick(2)), '') } 1 .. $n)); (rates => $f, @read) }],
    ['comment lines before the header', 2000, sub { my $n = shift; my $f = file('a.csv', (map { "# line $_" } 1 .. $n), 't,d', '1,1', '2,0', '3,1'); (rates => $f, @read) }],
    ['bytes of a quoted cell', 40000, sub { my $n = shift; my $f = file('a.csv', 't,d,x', '1,1,"' . 'a""b' x ($n / 4) . '"', '2,0,y', '3,1,z'); (rates => $f, @read) }],
    ['runs of blanks', 4000, sub { my $n = shift; my $f = file('a.txt', 't  d', map { sprintf '%4d  %d', 1 + pick(99), pick(2) } 1 .. $n); (rates => $f, @read) }],
    ['intervals of a life table', 100, sub { my $n = shift; curve => patients('a.csv', 300, ''), @read, '--method', 'actuarial', '--interval', int(6000 / $n) . 'd', @csv }],
);

# Counted in a child for each size; the three together, as many at a time as there are.
sub instructions {
    my ($name, $n, $words) = @_;
    my @command = $words->($n);
    my $text = join ' ', map { s/'/'\\''/gr =~ s/^(.*)$/'$1'/sr } $valgrind, '--tool=callgrind', '--callgrind-out-file=/dev/null', $lustrum, @command;
    my $said = `$text 2>&1 >/dev/null`;
    return $said =~ /Collected : (\d+)/ ? ($1, $? >> 8, $said) : (undef, $? >> 8, $said);
}

for (@dimensions) {
    my ($name, $n, $words) = @$_;
    next if @only && !grep { index($name, $_) >= 0 } @only;
    if (!$valgrind) { Kept::skip("$name: work grows with it", 'valgrind is not there'); next }
    my @work;
    my @wrong;
    unlink glob "$work/*"; # a recipe would be found beside the next file
    for my $size ($n, 2 * $n, 4 * $n) {
        $state = 7;
        my ($count, $code, $said) = instructions($name, $size, $words);
        push @wrong, "at $size it ended with exit code $code: " . join ' ', grep { /lustrum:/ } split /\n/, $said if !defined $count || $code;
        push @work, $count // 1;
    }
    my $ratio = ($work[2] - $work[1]) / (($work[1] - $work[0]) || 1);
    push @wrong, sprintf('%.0f, %.0f and %.0f thousand instructions at %d, %d and %d', (map { $_ / 1000 } @work), $n, 2 * $n, 4 * $n) if $ratio >= 2.6;
    check(sprintf('%s: twice as many cost %.2f times more', $name, $ratio), @wrong);
}
Kept::finish();
