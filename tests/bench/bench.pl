#!/usr/bin/perl
# make bench: ratios side by side in one run, pair by pair, medians and bests of BENCH_RUNS (default 7).
# usage: bench.pl LUSTRUM BUILD     ROWS in the environment (default 10000000), LARGEST for the last point of the line (default 100000000: 4 GB).
# Writes BUILD/bench/performance.md and performance.svg.
use strict;
use warnings;

my ($lustrum, $build) = @ARGV;
my $rows = $ENV{ROWS} // 10_000_000;
my $largest = $ENV{LARGEST} // 100_000_000;
my $runs = $ENV{BENCH_RUNS} // 7;
my $dir = "$build/bench";
system('mkdir', '-p', $dir);
for my $tool (qw(generate run)) { system("cc -O2 -o $dir/$tool tests/bench/$tool.c") == 0 or die "tests/bench/$tool.c does not build\n" }
$| = 1;

sub data {
    my ($n, $kind) = @_;
    my $file = "$dir/$kind-$n.csv";
    system("$dir/generate $n $kind > $file.new && mv $file.new $file") == 0 or die unless -s $file;
    return $file;
}
sub once { my ($command) = @_; my $out = `$dir/run $command`; $? == 0 or die "$command failed\n"; return split ' ', $out }
sub median { my @s = sort { $a <=> $b } @_; return $s[$#s / 2] }
sub least { return (sort { $a <=> $b } @_)[0] }

sub row {
    my ($name, $ratios, $ours, $peers, $peak) = @_;
    my @r = map { $_ < 0.1 ? sprintf '1/%.0f', 1 / $_ : sprintf '%.3g', $_ } median(@$ratios), least(@$ratios);
    my $row = sprintf '| %s | %s | %s | %.3f | %.3f | %.0f |', $name, @r, median(@$ours), median(@$peers), $peak / 1024;
    print "$row\n";
    return $row;
}

# Two commands in turn; the ratio pair by pair.
sub pair {
    my ($name, $ours, $peer, $n) = @_;
    my (@ratios, @ours, @peers, $peak);
    once($ours), once($peer);    # warm
    for (1 .. ($n // $runs)) {
        my ($b) = once($peer);
        my ($a, $memory) = once($ours);
        push @ours, $a;
        push @peers, $b;
        push @ratios, $a / $b;
        $peak = $memory if !defined $peak || $memory > $peak;
    }
    return row($name, \@ratios, \@ours, \@peers, $peak);
}

# A peer that takes a minute runs once; ours before it and behind it, as often as ever.
sub against {
    my ($name, $ours, $peer) = @_;
    my (@ours, $peak);
    once($ours);
    my $ask = sub { for (1 .. shift) { my ($a, $memory) = once($ours); push @ours, $a; $peak = $memory if !defined $peak || $memory > $peak } };
    $ask->(($runs + 1) / 2);
    my ($b) = once($peer);
    $ask->($runs / 2);
    return row($name, [map { $_ / $b } @ours], \@ours, [$b], $peak);
}

my $plain = data($rows, 'plain');
my $two = '--time months --event status --by er,her2';
my @table = ("| what, against what | ratio, median | best | ours, s | peer, s | peak, MiB |", "| :-- | --: | --: | --: | --: | --: |");
print "$_\n" for @table;
push @table, pair('rates by two factors, 2 threads / wc -l', "$lustrum rates $plain $two --threads 2", "wc -l $plain");
push @table, pair('rates by two factors, 1 thread / wc -l', "$lustrum rates $plain $two --threads 1", "wc -l $plain");
push @table, pair('compare by two factors, 2 threads / wc -l', "$lustrum compare $plain $two --threads 2", "wc -l $plain");
push @table, pair('compare by two factors, 1 thread / wc -l', "$lustrum compare $plain $two --threads 1", "wc -l $plain");
push @table, pair("rates with LUSTRUM_CPU=$_, 2 threads / wc -l", "env LUSTRUM_CPU=$_ $lustrum rates $plain $two --threads 2", "wc -l $plain") for qw(avx2 scalar);
{
    open my $f, '>', "$dir/quoted.yaml" or die;
    print $f "time: {column: months}\nevent: status\nfactors:\n  age: {column: age, cuts: [50, 65, 75]}\n"
           . "  subtype: {levels: {a: 'er == \"Positive\" and her2 == \"Negative\"', b: 'er == \"Positive\" and site == \"bone\"', c: 'er == \"Negative\"'}}\n";
}
my $quoted = data($rows, 'quoted');
push @table, pair('quotes, CRLF, --where, a derived factor of three columns, cut ages / plain', "$lustrum rates $quoted --recipe $dir/quoted.yaml --by age,subtype --where 'year >= 2003'", "$lustrum rates $plain $two");
for my $kind (['gzip', 'gz', 'gzip -1'], ['zstd', 'zst', 'zstd -q -1']) {
    my ($name, $ending, $make) = @$kind;
    next if system("command -v $name > /dev/null") != 0;
    system("$make -c $plain > $plain.$ending") == 0 or die unless -s "$plain.$ending";
    push @table, pair("rates on $name / $name -dc alone", "$lustrum rates $plain.$ending $two", "$name -dc $plain.$ending", 3);
}
my $decimal = data($rows, 'decimal');
my $skewed = data($rows, 'skewed');
push @table, pair('rates, distinct decimal times, 8 strata / plain', "$lustrum rates $decimal --time time --event status --by g", "$lustrum rates $plain $two", 3);
push @table, pair('rates, skewed decimal times / decimal times', "$lustrum rates $skewed --time time --event status --by g", "$lustrum rates $decimal --time time --event status --by g", 3);
if (system("Rscript -e 'library(survival); library(data.table)' > /dev/null 2>&1") == 0) {
    my %r = (
        rates => "d <- data.table::fread('$plain'); print(summary(survival::survfit(survival::Surv(months, status) ~ er + her2, d), times = 60))",
        compare => "d <- data.table::fread('$plain'); print(survival::survdiff(survival::Surv(months, status) ~ er + her2, d))",
        decimal => "d <- data.table::fread('$decimal'); f <- survival::survfit(survival::Surv(time, status) ~ g, d); print(summary(f, times = 60))",
        tests => "d <- data.table::fread('$decimal'); print(survival::survdiff(survival::Surv(time, status) ~ g, d))",
    );
    for my $name (keys %r) { open my $f, '>', "$dir/$name.R" or die; print $f "suppressPackageStartupMessages({library(survival); library(data.table)})\n$r{$name}\n" }
    push @table, against('rates / fread and survfit', "$lustrum rates $plain $two", "Rscript $dir/rates.R");
    push @table, against('compare / fread and survdiff', "$lustrum compare $plain $two", "Rscript $dir/compare.R");
    push @table, against('rates, decimal times / fread and survfit', "$lustrum rates $decimal --time time --event status --by g", "Rscript $dir/decimal.R");
    push @table, against('compare, decimal times / fread and survdiff', "$lustrum compare $decimal --time time --event status --by g", "Rscript $dir/tests.R");
}
# Regression: a registry's rows (R of a million of them at most); 20 numbers that differ in each row; competing causes.
sub write_causes {
    my ($n, $file) = @_;
    return $file if -s $file;
    open my $in, '<', data(1_000_000, 'decimal') or die;
    open my $out, '>', $file or die;
    my %at; my @names = split /,/, <$in> =~ s/\s+$//r;
    @at{@names} = 0 .. $#names;
    print $out "time,cause,g\n";
    for (1 .. $n) { my @f = split /,/, <$in> =~ s/\s+$//r; printf $out "%s,%d,%s\n", $f[$at{time}], $f[$at{status}] ? 1 + ($_ % 3 == 0) : 0, $f[$at{g}] }
    return $file;
}
sub write_numbers {
    my ($n, $file) = @_;
    return $file if -s $file;
    open my $out, '>', $file or die;
    my $x = 12345;
    my $u = sub { $x = ($x * 1103515245 + 12345) % 2147483648; return ($x + 0.5) / 2147483648 };
    print $out join(',', 'time', 'status', map { "x$_" } 1 .. 20), "\n";
    for (1 .. $n) {
        my @x = map { 2 * $u->() - 1 } 1 .. 20;
        my $t = -log($u->()) / (0.1 * exp(0.2 * ($x[0] - $x[1] + $x[2])));
        my $c = 20 * $u->();
        print $out join(',', sprintf('%.6f', $t < $c ? $t : $c), $t < $c ? 1 : 0, map { sprintf '%.4f', $_ } @x), "\n";
    }
    return $file;
}
if (system("Rscript -e 'library(survival); library(data.table)' > /dev/null 2>&1") == 0) {
    my $registry = data($rows < 1_000_000 ? $rows : 1_000_000, 'plain');
    my $numbers = write_numbers($rows < 1_000_000 ? $rows : 1_000_000, "$dir/numbers.csv");
    my $causes = write_causes(20_000, "$dir/causes.csv");
    my $all = join '+', map { "x$_" } 1 .. 20;
    my %r = (
        cox => "d <- data.table::fread('$registry'); f <- coxph(Surv(months, status) ~ age + year + er + her2 + site, d); print(f); print(cox.zph(f)); print(concordance(f))",
        numbers => "d <- data.table::fread('$numbers'); f <- coxph(Surv(time, status) ~ $all, d); print(f); print(cox.zph(f))",
        causes => "d <- data.table::fread('$causes'); d\$id <- seq_len(nrow(d)); f <- finegray(Surv(time, factor(cause)) ~ ., d, etype = '1'); print(coxph(Surv(fgstart, fgstop, fgstatus) ~ g, f, weights = fgwt, cluster = id))",
    );
    for my $name (keys %r) { open my $f, '>', "$dir/$name.R" or die; print $f "suppressPackageStartupMessages({library(survival); library(data.table)})\n$r{$name}\n" }
    push @table, against('cox, a registry of a million, all tables / fread, coxph, cox.zph, concordance', "$lustrum cox $registry --time months --event status --model 'age + year + er + her2 + site'", "Rscript $dir/cox.R");
    push @table, against('cox, a million by 20 numbers, proportionality / fread, coxph, cox.zph', "$lustrum cox $numbers --time time --unit years --event status --model '$all' --table proportionality --format csv --quiet", "Rscript $dir/numbers.R");
    push @table, against('cox --subdistribution, 20,000 rows / fread, finegray, coxph', "$lustrum cox $causes --time time --unit months --event cause --causes a=1,b=2 --cause a --subdistribution --model g", "Rscript $dir/causes.R");
}
# Net survival: exact Pohar Perme, all times. relsurv is linear in patients: a million is extrapolated from 20,000 and 50,000.
if (system("Rscript -e 'library(relsurv)' > /dev/null 2>&1") == 0) {
    open my $recipe, '>', "$dir/registry.yaml" or die;
    print $recipe "time: {column: time, unit: days, from: diagnosis}\nevent: status\npopulation: {age: age, age_unit: days, sex: sex, date: date}\n";
    close $recipe;
    my %seconds;
    for my $n (6000, 20000, 50000, 1000000) {
        my $file = data($n, 'registry');
        my $ours = "$lustrum net $file --recipe $dir/registry.yaml --lifetable datasets/lifetables/us.csv --at 5y,10y" . ($n == 6000 ? " --curve --format csv --table curve" : '');
        if ($n == 1000000) {
            my (@s, $peak);
            for (1 .. $runs) { my ($s, $m) = once($ours); push @s, $s; $peak = $m }
            my $theirs = $seconds{50000} + ($seconds{50000} - $seconds{20000}) / 30000 * 950000;
            push @table, row('net, 1,000,000 patients / relsurv, extrapolated from 20,000 and 50,000', [map { $_ / $theirs } @s], \@s, [$theirs], $peak);
            next;
        }
        open my $f, '>', "$dir/net-$n.R" or die;
        print $f "suppressPackageStartupMessages(library(relsurv))\nd <- read.csv('$file'); d\$date <- as.Date(d\$date)\n"
               . "f <- rs.surv(Surv(time, status) ~ 1, rmap = list(age = age, sex = sex, year = date), ratetable = survexp.us, data = d)\nprint(summary(f, times = c(1826, 3652)))\n";
        close $f;
        push @table, pair("net with curve, $n patients / relsurv", $ours, "Rscript $dir/net-$n.R", $n == 6000 ? 3 : 1);
        $seconds{$n} = (split / \| /, $table[-1])[4];
    }
}
my @line;
for (my $n = 100_000; $n <= $largest; $n = $n =~ /^1/ ? $n * 3 : int($n / 3) * 10) {
    my $file = data($n, 'plain');
    my (@seconds, @wc, $peak);
    once("$lustrum rates $file $two");    # warm
    for (1 .. $runs) {
        my ($s, $m) = once("$lustrum rates $file $two");
        push @seconds, $s;
        push @wc, (once("wc -l $file"))[0];
        $peak = $m;
    }
    push @line, [$n, median(@seconds), $peak / 1024, median(@wc)];
    unlink $file if $n > $rows;
}
open my $f, '>', "$dir/line.dat" or die;
printf $f "%d\t%.5f\t%.5f\n", @$_[0, 1, 3] for @line;
close $f;
my $cpu = `grep -m1 'model name' /proc/cpuinfo` =~ s/.*: //r;
chomp $cpu;
my $cores = `nproc` + 0;
open $f, '>', "$dir/line.gp" or die;
print $f <<"G";
set terminal svg size 760,420 dynamic background '#ffffff' font 'Liberation Sans,14'
set output '$dir/performance.svg'
set logscale xy
set key top left Left reverse
set xlabel 'rows'
set ylabel 'seconds'
set format x '10^{%T}'
set xrange [8e4:1.3 * $line[-1][0]]
set grid lc rgb '#DDDDDD'
plot '$dir/line.dat' using 1:2 with linespoints pt 7 lc rgb '#0072B2' lw 2 title 'lustrum rates, two factors, $cores threads', \\
     '$dir/line.dat' using 1:3 with linespoints pt 6 lc rgb '#D55E00' lw 2 dt 2 title 'wc -l', \\
     $line[-1][1] / $line[-1][0] * x with lines lc rgb '#999999' dt 3 title 'linear'
G
close $f;
system('gnuplot', '-d', "$dir/line.gp");
open $f, '>', "$dir/performance.md" or die;
print $f "# Performance\n\nMade by `make bench` on a machine with $cores cores ($cpu), page cache warm. Ratios first: of two commands that ran in turn, pair by pair, $runs times;\n"
       . "R's survfit and survdiff ran once. 1/100: a hundredth of the peer's time. "
       . "Absolute seconds are of that machine. $rows rows (8 columns, 40 bytes each).\n\n"
       . join("\n", @table) . "\n\n## Linear in rows\n\n![Seconds by rows](performance.svg)\n\n| rows | seconds | peak, MiB | wc -l, seconds |\n| --: | --: | --: | --: |\n"
       . join('', map { sprintf "| %d | %.3f | %.0f | %.3f |\n", @$_ } @line);
close $f;
print "$dir/performance.md\n";
