#!/usr/bin/perl
# make paths: what each path through the program costs against the plain one, as processor time of one thread, pair by pair; medians and
# bests of BENCH_RUNS (default 5) on PATH_ROWS rows (default 1000000) of twenty columns.
# usage: paths.pl LUSTRUM BUILD [NAME...]    NAME: only paths whose names hold it
use strict;
use warnings;

my ($lustrum, $build, @only) = @ARGV;
my $rows = $ENV{PATH_ROWS} // 1_000_000;
my $runs = $ENV{BENCH_RUNS} // 5;
my $dir = "$build/bench";
system('mkdir', '-p', $dir);
for my $tool (qw(generate run)) { system("cc -O2 -o $dir/$tool tests/bench/$tool.c") == 0 or die "tests/bench/$tool.c does not build\n" }
$| = 1;

sub data {
    my ($kind, $n) = @_;
    my $file = "$dir/$kind-" . ($n // $rows) . '.csv';
    system("$dir/generate " . ($n // $rows) . " $kind > $file.new && mv $file.new $file") == 0 or die unless -s $file;
    return $file;
}
sub once { my ($command) = @_; my (undef, $peak, $cpu) = split ' ', `$dir/run $command`; $? == 0 or die "$command failed\n"; return ($cpu, $peak / 1024) }
sub median { my @s = sort { $a <=> $b } @_; return $s[$#s / 2] }

my $wide = data('wide');
my $end = '--unit months --event status --id none --threads 1 --quiet';
my $read = "--time months $end";
my $plain = "$lustrum rates $wide $read --by er,her2";
{
    open my $recipe, '>', "$dir/life.yaml" or die;
    print $recipe "time: {column: months, unit: months}\nevent: status\nid: none\npopulation: {age: age, sex: sex, year: year}\n";
    close $recipe;
    open my $visits, '>', "$dir/visits.yaml" or die;
    print $visits "time: {column: months, unit: months}\nevent: status\none_row_per: {column: id, keep: first}\n";
    close $visits;
    my @head = split /\n/, `head -n 1 $wide`;
    system('mkdir', '-p', "$dir/many");
    my $each = int($rows / 1000);
    system("tail -n +2 $wide | split -a 4 -l $each - $dir/many/part. && for f in $dir/many/part.*; do { echo '$head[0]'; cat \$f; } > \$f.csv; rm \$f; done") == 0 or die unless glob "$dir/many/*.csv";
}
my @paths = (
    ['blanks round fields', "rates @{[data('blanks')]} $read --by er,her2"],
    ['one blank line', "rates @{[data('blank-line')]} $read --by er,her2"],
    ['doubled quotes in a tenth of the rows', "rates @{[data('escaped')]} $read --by er,her2"],
    ['a column that is called entry', "rates @{[data('entry')]} $read --by er,her2"],
    ['delayed entry', "rates $wide $read --entry late --by er,her2"],
    ['1,000 files', "rates $dir/many/*.csv $read --by er,her2"],
    ['fractional weights', "rates $wide $read --weight weight --by er,her2"],
    ['fractional weights, 1,000 strata', "rates $wide $read --weight weight --by region"],
    ['1,000 strata', "rates $wide $read --by region"],
    ['100,000 strata, as CSV', "rates $wide $read --by place --format csv"],
    ['distinct decimal times', "rates $wide --time decimal $end --by er,her2"],
    ['compare', "compare $wide $read --by er,her2"],
    ['incidence', "incidence $wide --time months --unit months --event cause --causes a=1,b=2 --id none --threads 1 --quiet --by er,her2"],
    ['shares', "shares $wide --of site --by er,her2 --id none --threads 1 --quiet"],
    ['cox, three factors', "cox $wide $read --model er+her2+site"],
    ['a tally', "tally $wide $read --by er,her2 -o $dir/a.tally"],
    ['net, of age and year', "net $wide --recipe $dir/life.yaml --lifetable datasets/lifetables/us.csv --threads 1 --quiet"],
    ['three rows of a person, the first', "rates @{[data('visits')]} --recipe $dir/visits.yaml --by er,her2 --threads 1 --quiet"],
    ['curve, a row for each distinct time, as CSV', "curve $wide --time decimal $end --format csv"],
    ['the same as JSON', "curve $wide --time decimal $end --format json"],
    ['describe: every cell of every column', "describe $wide $read"],
    ['recipe', "recipe $wide --quiet"],
);
print "| path, 1 thread, $rows rows of 20 columns | processor time / plain, median | best | s | peak, MiB |\n| :-- | --: | --: | --: | --: |\n";
for (@paths) {
    my ($name, $words) = @$_;
    next if @only && !grep { index($name, $_) >= 0 } @only;
    my ($peak, @ratios, @ours);
    for (1 .. $runs) {
        my ($b) = once($plain);
        my ($a, $memory) = once("$lustrum $words");
        push @ratios, $a / $b;
        push @ours, $a;
        $peak = $memory if !defined $peak || $memory > $peak;
    }
    printf "| %s | %.2f | %.2f | %.2f | %.0f |\n", $name, median(@ratios), (sort { $a <=> $b } @ratios)[0], median(@ours), $peak;
}
