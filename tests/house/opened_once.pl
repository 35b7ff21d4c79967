#!/usr/bin/perl
# Every input is opened once, whatever is asked of it: seen by strace. opened_once.pl LUSTRUM    TAP on standard output
use strict;
use warnings;
my $lustrum = shift;
if (system('strace -o /dev/null true 2>/dev/null') != 0) {
    print "1..1\nok 1 - # SKIP strace cannot trace here\n";
    exit 0;
}
my $work = "/tmp/lustrum-once-$$";
mkdir $work or die;
$ENV{ASAN_OPTIONS} = 'detect_leaks=0';    # LeakSanitizer does not work under ptrace
my $data = "$work/d.csv";
my ($rows, $recipe) = ("t,d,g,entry,b,l,s,y\n", <<'YAML');
time: {column: t, unit: years, from: metastasis}
event: {column: d, causes: {cancer: ["1"], other: ["2"]}}
population: {age: s, sex: female, year: y}
factors:
  sites: {any_of: {bone: 'b == "1"', liver: 'l == "1"'}}
YAML
for my $i (1 .. 60) { $rows .= join(',', $i % 9 + 1, $i % 3, $i % 2, 0.5, $i % 2, $i % 3 ? 1 : 0, $i, 2000 + $i % 9) . "\n" }
sub put { open my $f, '>', $_[0] or die; print $f $_[1]; close $f }
put($data, $rows);
put("$work/d.yaml", $recipe);
put("$work/f.yaml", <<'YAML');
documents:
  page: {title: A page}
figures:
  - {id: five, document: page, statistic: survival, at: 5y, value: 0.3, qualifier: stated, measure: OS, origin: metastasis}
  - {id: css, document: page, statistic: survival, at: 5y, value: 0.3, qualifier: stated, measure: CSS, origin: metastasis}
  - {id: size, document: page, statistic: median_of, of: s, value: 30, qualifier: about}
  - {id: group, document: page, statistic: survival, at: 5y, value: 0.3, qualifier: stated, measure: OS, origin: metastasis, where: 'g == "1"'}
  - {id: middle, document: page, statistic: median, value: 3, unit: years, qualifier: stated, measure: OS, origin: metastasis}
YAML
system("cp datasets/lifetables/us.csv $work/l.csv && cp datasets/lifetables/us.yaml $work/l.yaml") == 0 or die;
my @commands = (
    "rates $data --by g --at 5y", "curve $data", "compare $data --by g", "describe $data", "shares $data --of sites",
    "rates $data --entry entry --no-entry", "plot curve $data --by g -o $work/c.svg",
    "context $data --figures $work/f.yaml --lifetable $work/l.csv", "net $data --lifetable $work/l.csv",
    "plot icons $data --lifetable $work/l.csv -o $work/i.svg");
print '1..', scalar @commands, "\n";
my ($n, $failed) = (0, 0);
for my $command (@commands) {
    system("strace -f -e trace=openat,open -o $work/trace $lustrum $command > $work/out 2> $work/err");
    my $code = $? >> 8;
    open my $f, '<', "$work/trace" or die;
    my %opened;
    while (<$f>) { $opened{$1}++ if m{"(\Q$work\E/[dfl]\.(?:csv|yaml))"} && !/ENOENT/ }
    my @often = grep { $opened{$_} != 1 } sort keys %opened;
    my $good = $code == 0 && $opened{$data} && !@often;
    $n++;
    $failed += !$good;
    my $shown = $command =~ s/\Q$work\E/WORK/gr;
    printf "%s %d - opened once: %s\n", $good ? 'ok' : 'not ok', $n, $shown;
    print "# exit code $code; ", join(', ', map { s/\Q$work\E/WORK/r . " $opened{$_} times" } @often), "\n", map { "# $_" } `head -3 $work/err` if !$good;
}
system('rm', '-rf', $work);
exit($failed ? 1 : 0);
