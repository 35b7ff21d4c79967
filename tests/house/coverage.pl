#!/usr/bin/perl
# What the tests have run, of what gcov counts: by folder, and the lines that nobody runs.
# usage: coverage.pl BUILD    writes BUILD/lines.txt
use strict;
use warnings;
use JSON::PP;

my ($build) = @ARGV;
my (%run, %all, @missing);
chomp(my @data = `find '$build/obj' -name '*.gcda'`);
for my $data (@data) {
    open my $gcov, '-|', "gcov --json-format --stdout '$data' 2>/dev/null" or die;
    local $/;
    my $text = <$gcov> // '';
    for my $line (split /\n/, $text) {
        my $said = eval { decode_json($line) } or next;
        for my $file (grep { $_->{file} =~ m{^(?:\./)?src/.*\.c$} } @{$said->{files}}) {
            my ($folder) = $file->{file} =~ m{src/([^/]+)/};
            my %line;
            $line{$_->{line_number}} += $_->{count} for @{$file->{lines}};
            $all{$folder} += keys %line;
            $run{$folder} += grep { $_ } values %line;
            push @missing, map { "$file->{file}:$_" } sort { $a <=> $b } grep { !$line{$_} } keys %line;
        }
    }
}
open my $out, '>', "$build/lines.txt" or die;
print $out map { "$_\n" } @missing;
my ($sum, $of) = (0, 0);
for my $folder (sort keys %all) {
    printf "%-10s %5.1f %% of %5d lines\n", $folder, 100 * $run{$folder} / $all{$folder}, $all{$folder};
    $sum += $run{$folder}, $of += $all{$folder};
}
printf "%-10s %5.1f %% of %5d lines\n", 'all', 100 * $sum / $of, $of if $of;
