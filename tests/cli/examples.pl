#!/usr/bin/perl
# Every example of the README and the manual pages, run: in a block fenced by ```console, lines that begin with `$ lustrum` are
# commands, and what stands below them up to the next command is their standard output. A block fenced by ```sh is only read.
# usage: examples.pl LUSTRUM [--update] FILE.md...      TAP on standard output
use strict;
use warnings;

my $lustrum = shift;
my $update = @ARGV && $ARGV[0] eq '--update' ? shift : 0;
my $work = "/tmp/lustrum-examples-$$";
mkdir $work or die $!;
symlink(($lustrum =~ m{^/} ? $lustrum : "$ENV{PWD}/$lustrum"), "$work/lustrum") or die $!;
$ENV{PATH} = "$work:$ENV{PATH}";
$ENV{NO_COLOR} = 1;
delete $ENV{COLUMNS};
my ($tests, $failed) = (0, 0);

sub run {
    my ($command) = @_;
    my $text = `{ $command
} 2>/dev/null </dev/null`; # the whole pipe, not its last command alone
    return $text . ($? ? "[exit code " . ($? >> 8) . "]\n" : '');
}

for my $file (@ARGV) {
    open my $f, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$f> };
    close $f;
    my $new = '';
    my $in = 0;
    my ($command, $expected);
    my $finish = sub {
        return unless defined $command;
        my $got = run($command);
        $tests++;
        my $good = $got eq $expected;
        $failed += !$good;
        printf "%s %d - %s: %s\n", $good ? 'ok' : 'not ok', $tests, $file, $command;
        print map { "# -$_\n" } split /\n/, $expected unless $good;
        print map { "# +$_\n" } split /\n/, $got unless $good;
        $new .= "\$ $command\n$got";
        undef $command;
    };
    for my $line (split /^/, $text) {
        if ($in && $line =~ /^```/) { $finish->(); $in = 0; $new .= $line; next }
        if (!$in) { $in = 1 if $line =~ /^```console/; $new .= $line; next }
        if ($line =~ /^\$ (.*)$/) { $finish->(); ($command, $expected) = ($1, ''); next }
        $expected .= $line if defined $command;
    }
    if ($update && $new ne $text) { open $f, '>', $file or die $!; print $f $new; close $f }
}
print "1..$tests\n";
system('rm', '-rf', $work);
exit($failed ? 1 : 0);
