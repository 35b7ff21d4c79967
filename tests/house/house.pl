#!/usr/bin/perl
# The house: every command has help, a manual page and an example that runs; every option stands in help; the library is
# usable on its own; the include order holds. usage: house.pl BUILD      TAP on standard output
use strict;
use warnings;
my $build = shift;
my $tests = 0;
sub ok { my ($good, $name, @why) = @_; $tests++; printf "%s %d - %s\n", $good ? 'ok' : 'not ok', $tests, $name; print map { "# $_\n" } @why unless $good; }
sub read_file { open my $f, '<', $_[0] or return ''; local $/; return scalar <$f> }

my @commands = map { /^  (\w+) +\S/ ? $1 : () } grep { /^  \w/ } split /\n/, (split /\n\n/, `$build/lustrum help`)[2];
ok(@commands >= 6, 'lustrum help lists the commands', "@commands");
my %options = map { $_ => 1 } qw(--help --version --differences    --pipepart --block --line-buffer --wait --array --wrap);    # of every command, of the program, of tests/reference/relative.pl; of GNU parallel and Slurm
for my $c (@commands) {
    next if $c =~ /^(help|version|doctor|completion)$/;
    my $help = `$build/lustrum $c --help`;
    ok($? == 0 && $help =~ /^Usage: lustrum $c /m, "lustrum $c --help");
    $options{$_} = 1 for $help =~ /(--[a-z][\w-]*)/g;
    my $page = read_file("docs/man/lustrum-$c.1.md");
    ok(scalar($page =~ /^```console\n\$ lustrum $c /m), "docs/man/lustrum-$c.1.md has an example that runs");
    my $man = `mandoc -T ascii -W error $build/man/lustrum-$c.1 2>&1` =~ s/.\x08//gr;
    my @lacking = grep { index($man, $_) < 0 } $help =~ /^\s+(?:-\w, )?(--[\w-]+)/mg;
    ok(!@lacking, "the manual page of $c knows every option", @lacking);
}
my @untold;
for my $page (glob 'docs/man/*.[57].md') {
    my ($topic, $section) = $page =~ /lustrum-(\w+)\.(\d)/;
    next if grep { $_ eq $topic } @commands;
    my ($what) = read_file($page) =~ /^lustrum-$topic \\- (.*)/m;
    push @untold, $page if index(`$build/lustrum help $topic`, "$what: man $section lustrum-$topic\n") < 0;
}
ok(!@untold, 'lustrum help TOPIC tells each manual page that is of no command', @untold);
my @unknown;
for my $page ('README.md', glob('docs/*.md docs/man/*.md')) {
    push @unknown, map { "$page: $_" } grep { !$options{$_} } read_file($page) =~ /(?<![\w-])(--[a-z][\w-]*)/g;
}
ok(!@unknown, 'no document names an option that no command has', @unknown);
ok(`perl tests/house/lint.pl $build/nothing` && $? == 256, 'make lint fails on an unbuilt tree');
my @lint = `perl tests/house/lint.pl $build`;
ok($? == 0, 'make lint', @lint);
delete @ENV{qw(MAKEFLAGS MFLAGS)}; # the caller's job server is not ours
my $cc = $ENV{CC} // 'cc';
my $flags = `pkg-config --cflags --libs gsl yaml-0.1 zlib libzstd libzip expat nettle` =~ s/\n//r;
if ($build !~ m{/}) {
    my $out = `$cc -Wall -Wextra -Werror -Iinclude docs/example.c -o $build/example $build/liblustrum.a $flags -lcsv -lreadstat -lpthread -lm 2>&1 && $build/example datasets/rotterdam.csv grade`;
    ok($out eq "2: n 794, 82.1 % (79.2 to 84.6)\n3: n 2188, 71.6 % (69.6 to 73.4)\n", 'docs/example.c builds with the public headers alone and runs', $out);
    my $to = "/tmp/lustrum-install-$$";
    my $said = `make -s --no-print-directory install DESTDIR=$to PREFIX=/usr BUILD=$build 2>&1`;
    ok($? == 0 && -x "$to/usr/bin/lustrum" && -e "$to/usr/share/man/man1/lustrum-rates.1" && -e "$to/usr/lib/pkgconfig/lustrum.pc" && -s "$to/usr/share/bash-completion/completions/lustrum", 'make install', $said);
    $said = `make -s --no-print-directory uninstall DESTDIR=$to PREFIX=/usr BUILD=$build 2>&1; find $to -type f`;
    ok($said eq '', 'make uninstall leaves nothing', $said);
    system('rm', '-rf', $to);
}
print "1..$tests\n";
