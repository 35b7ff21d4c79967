#!/usr/bin/perl
# Command-line tests. A line is a test: expected-file exit-code command. The expected file holds standard output, and behind
# a line `--- stderr` standard error; a mismatch shows a diff.
# usage: run.pl LUSTRUM [--update] [--shared DIR] FILE.tests...    TAP on standard output
use strict;
use warnings;

my $lustrum = shift;
my ($update, $shared) = (0, '../shared');
my @files;
while (@ARGV) {
    my $a = shift;
    if ($a eq '--update') { $update = 1 }
    elsif ($a eq '--shared') { $shared = shift }
    else { push @files, $a }
}
my $work = sprintf "/tmp/lustrum-cli-%07d", $$;  # of one length, as lines are folded
mkdir $work or die "$work: $!\n";
$ENV{W} = $work;
$ENV{SHARED} = $shared;
$ENV{NO_COLOR} = 1;
delete $ENV{COLUMNS};
delete $ENV{PATH_WITHOUT};
my $bin = "$work/bin";
mkdir $bin;
symlink(($lustrum =~ m{^/} ? $lustrum : "$ENV{PWD}/$lustrum"), "$bin/lustrum") or die $!;
$ENV{PATH} = "$bin:$ENV{PATH}";

sub read_file { open my $f, '<', $_[0] or return undef; local $/; return scalar <$f> // '' }

my ($tests, $failed) = (0, 0);
for my $file (@files) {
    my $folder = $file =~ s{[^/]*$}{expected}r;
    my $text = read_file($file) // die "$file: $!\n";
    my $is_rounded = $text =~ /^# To nine digits/m;    # exponentials and logarithms are the machine's
    for (split /\n/, $text) {
        next if /^\s*(#|$)/;
        my ($expected, $code, $command) = /^(\S+)\s+(\d+)\s+(.*)$/ or die "$file: not a test: $_\n";
        system('bash', '-c', "{ $command\n} >$work/out 2>$work/err </dev/null");
        my $got_code = $? & 127 ? "signal " . ($? & 127) : $? >> 8;
        my $err = read_file("$work/err");
        my $got = read_file("$work/out") . ($err ne '' ? "--- stderr\n$err" : '');
        $got =~ s/\Q$work\E/WORK/g;
        $got =~ s/\Q$shared\E/SHARED/g;
        $got =~ s/-?\d+\.\d{8,}(?:e[-+]?\d+)?/sprintf '%.9g', $&/ge if $is_rounded;
        if ($update) { open my $f, '>', "$folder/$expected" or die "$folder/$expected: $!"; print $f $got; close $f }
        my $want = read_file("$folder/$expected");
        my $good = defined $want && $got eq $want && $got_code eq $code;
        $tests++;
        $failed += !$good;
        printf "%s %d - %s: %s\n", $good ? 'ok' : 'not ok', $tests, $expected, $command;
        next if $good;
        print "# exit code $got_code, expected $code\n" if $got_code ne $code;
        open my $f, '>', "$work/got"; print $f $got; close $f;
        print map { "# $_" } `diff -u $folder/$expected $work/got 2>&1 | head -40`;
    }
}
print "1..$tests\n";
system('rm', '-rf', $work);
exit($failed ? 1 : 0);
