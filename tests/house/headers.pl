#!/usr/bin/perl
# The examples of the public headers: the lines of code in a header's first comment, and in further ones that say what they print,
# compile without warnings behind the header, run, and print that. usage: headers.pl BUILD      TAP on standard output
# An example finds `err`, and `tally`: datasets/rotterdam.csv by grade.
use strict;
use warnings;
my $build = shift;
my ($tests, $failed) = (0, 0);
sub read_file { open my $f, '<', $_[0] or return ''; local $/; return scalar <$f> }

my ($needs) = read_file("$build/lustrum.pc") =~ /^Requires: (.*)$/m;
my $flags = `pkg-config --cflags --libs $needs` =~ s/\n//r;
my $cc = $ENV{CC} // 'cc';
for my $header (glob 'include/lustrum/*.h') {
    my ($name) = $header =~ m{(\w+)\.h$};
    next if $name eq 'lustrum';    # all of them
    my ($first, @others) = read_file($header) =~ m{(/\*.*?\*/)}gs;
    check($name, $_) for $first, grep { /^ \* prints `/m } @others;
}

sub check {
    my ($name, $comment) = @_;
    my ($code) = $comment =~ /((?:^ \*     .*\n)+)/m;
    my ($said) = $comment =~ /^ \* prints `([^`]*)`/m;
    $said =~ s/^ \* //gm if defined $said;
    my $source = "$build/example_$name";
    open my $f, '>', "$source.c" or die $!;
    print $f <<"C";
#include <lustrum/$name.h>
#include <gsl/gsl_errno.h>
#include <lustrum/lustrum.h>
#include <stdio.h>
#include <stdlib.h>
static struct lus_error err = LUS_ERROR_INIT;
static struct lus_tally tally;
static int example(void)
{
@{[ ($code // '') =~ s/^ \*     //gmr ]}
    return 0;
}
int main(void)
{
    const char *files[] = {"datasets/rotterdam.csv"};
    struct lus_query query = LUS_QUERY_INIT;
    query.files = files, query.n_files = 1, query.by = "grade";
    gsl_set_error_handler_off();
    if (lus_tally_read(&query, &tally, &err) != LUS_OK) return 1;
    int failed = example();
    lus_tally_free(&tally);
    return failed;
}
C
    close $f;
    my $out = `$cc -std=c11 -Wall -Wextra -Werror -Iinclude $source.c -o $source $build/liblustrum.a $flags -lcsv -lreadstat -lpthread -lm 2>&1 && $source 2>&1`;
    my $good = $? == 0 && defined $code && defined $said && $out eq "$said\n";
    $tests++;
    $failed += !$good;
    printf "%s %d - the example of lustrum/%s.h runs and prints what it says\n", $good ? 'ok' : 'not ok', $tests, $name;
    print map { "# $_\n" } split /\n/, $out || 'no example, or none that says what it prints' unless $good;
}
print "1..$tests\n";
exit($failed ? 1 : 0);
