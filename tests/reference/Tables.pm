# Reading CSV tables and command lines, for the scripts of this folder.
package Tables;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(table read_file words);

sub fields {             # one line of CSV
    my ($line) = @_;
    my @out;
    while ($line =~ /\G(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g) {
        push @out, defined $1 ? $1 =~ s/""/"/gr : $2;
        last if pos($line) >= length($line) && $line !~ /,$/;
    }
    return @out;
}

sub table {              # a CSV text to a list of rows by column name
    my @lines = split /\n/, shift;
    my @names = fields(shift @lines);
    return map { my %row; @row{@names} = fields($_); $row{' levels'} = undef; \%row } @lines;
}

sub read_file { open my $f, '<', $_[0] or die "$_[0]: $!\n"; local $/; return <$f> }

sub words {              # splits at blanks outside quotes and backquotes; quotes are taken off
    my ($text) = @_;
    my @out;
    while ($text =~ /\G\s*((?:'[^']*'|`[^`]*`|[^\s'`])+)/g) { push @out, $1 =~ s/'//gr }
    return @out;
}

1;
