#!/usr/bin/perl
# A manual page from its Markdown: headings, paragraphs, definition lists (`**--x**` then `: text`), code blocks, bullets.
# A line @OPTIONS@ becomes the options as the program itself knows them, @COMMANDS@ its commands. usage: to_man.pl LUSTRUM PAGE.md
use strict;
use warnings;
my ($lustrum, $page) = @ARGV;
my ($name, $section) = $page =~ m{([^/]+)\.(\d)\.md$} or die "$page: not a manual page\n";
open my $f, '<', $page or die "$page: $!\n";
my $text = do { local $/; <$f> };
my $command = $name =~ s/^lustrum-//r;
$text =~ s/^\@COMMANDS\@$/my $h = `$lustrum help`; join '', map { "- **$1**: $2\n" if m{^  (\w+)  +(.*)} } split m{\n}, $h =~ s{.*Commands:\n(.*?)\n\n.*}{$1}sr/me;
$text =~ s/^\@OPTIONS\@$/`$lustrum help --options $command`/me if $text =~ /^\@OPTIONS\@$/m;

sub inline {
    my ($t) = @_;
    my @kept;
    $t =~ s/`` ?(.+?) ?``|`([^`]+)`/push @kept, $1 \/\/ $2; "\x01$#kept\x02"/ge;
    $t =~ s/\\([\\\-_*`|<>\[\]])/my $c = $1; push @kept, $c; "\x03$#kept\x04"/ge;
    $t =~ s/\\/\\e/g;
    $t =~ s/\*\*(.+?)\*\*/\\fB$1\\fR/g;
    $t =~ s/\*([^*]+)\*/\\fI$1\\fR/g;
    my $plain = sub { my $k = $kept[$_[0]]; $k =~ s/\\/\\e/g; $k =~ s/-/\\-/g; return $k };
    $t =~ s/\x01(\d+)\x02/'\\fB' . $plain->($1) . '\\fR'/ge;
    $t =~ s/\x03(\d+)\x04/$plain->($1)/ge;
    $t =~ s/^([.'])/\\&$1/mg;
    return $t;
}

print ".TH ", uc($name), " $section \"\" lustrum \"lustrum manual\"\n";
my $code = 0;
my $fresh = 1;
for my $line (split /\n/, $text) {
    if ($line =~ /^```/) { $code = !$code; print $code ? ".PP\n.nf\n.RS 2\n" : ".RE\n.fi\n"; next }
    if ($code) { $line =~ s/\\/\\e/g; $line =~ s/-/\\-/g; $line =~ s/^([.'])/\\&$1/; print "$line\n"; next }
    if ($line =~ /^# /) { next }
    if ($line =~ /^## (.*)/) { print ".SH ", uc($1), "\n"; next }
    if ($line =~ /^### (.*)/) { print ".SS $1\n"; next }
    if ($line =~ /^\s*$/) { print ".PP\n" unless $fresh; $fresh = 1; next }
    $fresh = 0;
    if ($line =~ /^\*\*[^*]+\*\*(, \*\*[^*]+\*\*| \*[^*]+\*)*$/) { print ".TP\n", inline($line), "\n"; next }
    if ($line =~ /^: (.*)/) { print inline($1), "\n"; next }
    if ($line =~ /^- (.*)/) { print ".IP \\(bu 2\n", inline($1), "\n"; next }
    print inline($line =~ s/^\s+//r), "\n";
}
