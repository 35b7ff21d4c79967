#!/usr/bin/perl
# A folder of src/ includes only what stands left of it; every external symbol of the library begins with lus_.
use strict;
use warnings;
my $build = shift // 'build';
my %place;
my @order = qw(support read recipe people cohort tally estimate compare relative regress simulate context present command report cli);
@place{@order} = 0 .. $#order;
my $bad = 0;
for my $file (glob('src/*/*.[ch]'), glob('src/*/*/*.[ch]')) {
    my ($own) = $file =~ m{^src/(\w+)/};
    open my $f, '<', $file or die;
    while (<$f>) {
        next unless m{^#include "(\w+)/};
        next if $1 eq 'lustrum' || !exists $place{$1} || $place{$1} <= $place{$own};
        print "$file:$.: $own may not include $1, which stands right of it\n";
        $bad = 1;
    }
}
for (`nm -g --defined-only $build/liblustrum.a 2>/dev/null`) {
    next unless /^[0-9a-f]+ [A-Z] (\w+)$/;
    next if $1 =~ /^(lus_|__|_fini|_init)/;
    print "liblustrum.a: the symbol $1 does not begin with lus_\n";
    $bad = 1;
}
exit $bad;
