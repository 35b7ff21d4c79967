# What the tests of charts share: tables as CSV, kept drawings, and the comparison of numbers.
package Kept;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(table is_few says draw blocks points labels near about check find_row name_of);

our ($lustrum, $work) = ('', '');
my ($tests, $failed) = (0, 0);

# One line of TAP: a check returns what is wrong, or nothing.
sub check {
    my ($name, @wrong) = @_;
    $tests++;
    $failed += !!@wrong;
    printf "%s %d - %s\n", @wrong ? 'not ok' : 'ok', $tests, $name;
    print map { "# $_\n" } @wrong > 5 ? (@wrong[0 .. 4], '... ' . (@wrong - 5) . ' more') : @wrong;
}
sub skip { printf "ok %d - %s # SKIP %s\n", ++$tests, @_ }
sub finish { print "1..$tests\n"; exit($failed ? 1 : 0) }

sub run {
    open my $out, '-|', $lustrum, @_, '--quiet' or die "$lustrum: $!\n";
    local $/;
    my $text = <$out> // '';
    close $out or die "lustrum @_ fails\n";
    return $text;
}

sub fields {
    my @fields;
    push @fields, defined $1 ? $1 =~ s/""/"/gr : $2 while $_[0] =~ /\G(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g;
    pop @fields if @fields && $_[0] !~ /,$/; # the empty match at the end
    return @fields;
}

# The rows of a command's table, each a hash by column.
sub table {
    my ($head, @lines) = split /\n/, run(@_, '--format', 'csv');
    my @names = fields($head);
    return map { my %row; @row{@names} = fields($_); \%row } @lines;
}

# Draws, and gives the folder of what gnuplot drew from, with its settings.
my $drawn = 0;
sub draw {
    my $folder = "$work/" . ++$drawn;
    run('plot', @_, '--keep-script', $folder, '-o', "$folder.svg");
    my %kept = (folder => $folder);
    for (split /\n/, text("$folder/settings.gp")) {
        $kept{$1} = $2 if /^(\w+) = (-?[\d.e+]+)$/;
        $kept{$1} = [split /, /, $2] if /^array (\w+)\[\d+\] = \[(.*)\]$/;
    }
    return \%kept;
}

sub text { open my $f, '<', $_[0] or die "$_[0]: $!\n"; local $/; return scalar <$f> // '' }

# A data file: blocks parted by two blank lines, of rows, of fields. What stands outside the sheet is left out.
sub blocks {
    my ($kept, $file) = @_;
    return map { [grep { $_->[0] > -1e8 && ($_->[1] !~ /^[\d.e]+$/ || $_->[1] < 1e8) } map { [split /\t/] } grep { /\S/ } split /\n/] }
        split /\n\n\n/, text("$kept->{folder}/$file") . "\n";
}
sub points { return map { @$_ } blocks(@_) }

# Labels as {x, y, text} of several files, from above to below and left to right.
sub labels {
    my ($kept, @files) = @_;
    my @all = map { my $f = $_; map { {x => $_->[0], y => $_->[1], text => $_->[2], file => $f} } points($kept, $f) } @files;
    return sort { $b->{y} <=> $a->{y} || $a->{x} <=> $b->{x} } grep { defined $_->{text} && $_->{text} =~ /\S/ } @all;
}

# Whether two numbers are one number, written with ten digits.
sub near { return abs($_[0] - $_[1]) <= 2e-9 * (1 + abs $_[1]) }
# Whether a text's number is a number rounded to so many significant digits.
sub about {
    my ($text, $number, $digits) = @_;
    return $text eq '–' if $number eq '';
    return abs($text - $number) <= 0.5000001 * 10 ** (($number ? int(log(abs $number) / log(10) + 100) - 100 : 0) + 1 - $digits);
}

# Whether a count is of fewer than ten; one that is hidden is not told to be.
sub is_few { return $_[0] ne '' && $_[0] < 10 }
# Whether a label says a count, or that it is hidden.
sub says { return $_[1] eq '' ? $_[0] =~ /^(?:–|<\d+)$/ : $_[0] eq $_[1] }

sub find_row { my ($key, $value, @rows) = @_; return (grep { $_->{$key} eq $value } @rows)[0] }
sub name_of { my ($row, @by) = @_; return @by ? join(', ', map { $row->{$_} } @by) : 'all' }
1;
