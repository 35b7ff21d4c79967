#!/usr/bin/perl
# The house rules that a machine can hold: which folder includes which, the names of symbols, what comments and documents cite,
# the blocks of the public headers, the format. usage: lint.pl BUILD      one line for each fault, exit code 1
use strict;
use warnings;
my $build = shift // 'build';
my $bad = 0;
sub fault { print "@_\n"; $bad = 1 }
sub read_file { open my $f, '<', $_[0] or return ''; local $/; return scalar <$f> }

# The way that the data take: a folder includes what stands left of it, and of another folder its one header only.
my @order = qw(support read recipe people cohort tally estimate compare incidence relative regress simulate context present command report cli);
my %place;
@place{@order} = 0 .. $#order;
# A folder shows its public headers in include/lustrum, and src/FOLDER/FOLDER.h or the header that stands here; of support, a box of
# tools, each header.
my %face = (
    read     => 'read/reader.h',
    recipe   => 'recipe/plan.h',           # with all that a recipe is
    compare  => 'compare/score_test.h',    # the test of net survival ends in the same quadratic form
    relative => 'relative/walk.h',         # a simulated life walks through a life table, too
);
# Files that the program writes, and words that stand for any name.
my %stands_for = map { $_ => 1 } qw(settings.gp PAGE.md SOURCE.md patients.md src/FOLDER/FOLDER.h BUILD/bench/performance.md);

sub sources { return sort split /\n/, `find src include tests docs -name '*.[ch]'` }

sub check_includes {
    for my $file (grep { m{^src/} } sources()) {
        my ($own) = $file =~ m{^src/(\w+)/};
        my $line = 0;
        for (split /\n/, read_file($file)) {
            $line++;
            next unless m{^#include "((\w+)/[\w/]+\.h)"};
            my ($header, $folder) = ($1, $2);
            next if !exists $place{$folder} || $folder eq $own;
            fault("$file:$line: $own may not include $folder, which stands right of it") if $place{$folder} > $place{$own};
            next if $folder eq 'support' || $header eq ($face{$folder} // "$folder/$folder.h");
            fault("$file:$line: of another folder include its one header, not $header");
        }
    }
}

sub check_symbols {
    for (`nm -g --defined-only $build/liblustrum.a`) {
        next unless /^[0-9a-f]+ [A-Z] (\w+)$/;
        fault("liblustrum.a: the symbol $1 does not begin with lus_") unless $1 =~ /^(lus_|__|_fini|_init)/;
    }
    fault("$build/liblustrum.a cannot be read") if $?;
}

# The comments of a file as text with the same lines; of a document all of it.
sub cited_text {
    my ($file) = @_;
    my $text = read_file($file);
    return $text if $file =~ /\.md$/;
    return $text =~ s/^([^#\n]*)/' ' x length $1/gemr if $file !~ /\.[chS]$/;
    my $comments = '';
    while ($text =~ m{\G(?:(/\*.*?\*/)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|.))}gs) {
        $comments .= $1 // ($2 =~ s/[^\n]+/ /gr);
    }
    return $comments;
}
sub code_of { return read_file($_[0]) =~ s{/\*.*?\*/}{}gsr }

sub check_citations {
    my @tree = sort split /\n/, `find . -path './.git' -prune -o -path ./build -prune -o -type f -print | sed 's,^./,,'`;
    my %names;
    for my $file (@tree) {
        my $rest = $file;
        $names{$rest} = 1;
        $names{$rest} = 1 while $rest =~ s{^[^/]+/}{};
    }
    my %defined;
    for my $file (sources()) { $defined{$_} = 1 for code_of($file) =~ /\b(lus_\w+|LUS_\w+)/g }
    my %headings = map { $_ => 1 } read_file('docs/methods.md') =~ /^## (.+)$/mg;
    for my $file (@tree) {
        next unless $file eq 'Makefile' || $file =~ /\.(c|h|S|pl|pm|sh|R|gp|yaml|tests|md)$/;
        my $text = cited_text($file);
        my $at = sub { return "$file:" . (1 + (substr($text, 0, $_[0]) =~ tr/\n//)) };
        while ($text =~ m{(?<![\w/.\$<*-])((?:[\w-]+/)*[\w-]+\.(?:c|h|pl|pm|sh|gp|tests|md|S))\b(?![*.\w])}g) {
            fault($at->($-[0]), "cites the file $1, which is not there") unless $names{$1} || $stands_for{$1};
        }
        while ($text =~ m{(?<![\w/.\$<-])((?:src|include|tests|docs|plots|datasets)/[\w./*-]*[\w*/])}g) {
            my ($from, $path) = ($-[0], $1);
            my @there = glob $path;
            fault($at->($from), "cites $path, which is not there") unless $stands_for{$path} || $path =~ /\.(?:c|h|pl|pm|sh|gp|tests|md|S)$/ || @there && -e $there[0];
        }
        while ($text =~ /\b(lus_\w+|LUS_\w+)(?![\w*])/g) {
            fault($at->($-[0]), "cites $1, which no source has") unless $defined{$1} || $1 =~ /_$/;
        }
        while ($text =~ /\b(lustrum(?:-\w+)?)\(([15])\)/g) {
            fault($at->($-[0]), "cites the page $1($2), which is not there") unless -e "docs/man/$1.$2.md";
        }
        while ($text =~ /methods\.md, "([^"]*)"/g) {
            my $heading = $1 =~ s/\n[ *#]*/ /gr;
            fault($at->($-[0]), "docs/methods.md has no paragraph \"$heading\"") unless $headings{$heading};
        }
        fault($at->($-[0]), "cites $1: name a paragraph of docs/methods.md as methods.md, \"One curve\"") while $text =~ /\b(METHODS \d+)/g;
    }
}

# The block of a public prototype stands directly above it. Prototypes without a blank line between share the block of the first
# where it names them.
sub check_prototypes {
    for my $file (glob 'include/lustrum/*.h') {
        my $text = read_file($file);
        while ($text =~ m{((?:^/\*(?:(?!\*/).)*\*/\n)?)((?:^LUS_API [^;]*;[^\n]*\n)+)}gms) {
            my ($block, $run, $line) = ($1, $2, 1 + (substr($text, 0, $-[2]) =~ tr/\n//));
            my @prototypes = $run =~ /(LUS_API [^;]*;)/g;
            my @names = map { /(\w+)\(/ } @prototypes;
            fault("$file:$line: no block above $names[0]") unless $block;
            next unless $block;
            for my $i (1 .. $#names) { fault("$file:$line: $names[$i] has no block, and that of $names[0] does not name it") unless $block =~ /\b$names[$i]\b/ }
            fault("$file:$line: the block of $names[0] does not say what it Returns") if $run =~ /LUS_MUST_CHECK/ && $block !~ /\bReturns\b/;
            for my $test ($block =~ m{(tests/unit/\w+\.c)}g) {
                my $there = read_file($test);
                fault("$file:$line: $test, which is to check it, does not call $names[0]") unless grep { $there =~ /\b$_\b/ } @names, $block =~ /through (lus_\w+)/g;
            }
        }
    }
}

sub check_format {
    my ($version) = `clang-format --version 2>&1` =~ /version (\d+)/;
    return print "the format is not checked: no clang-format 14 here\n" if ($version // 0) != 14;
    for my $file (sources()) {
        utf8::decode(my $text = read_file($file));
        my $line = 0;
        for (split /\n/, $text) { $line++; fault("$file:$line: longer than 100 columns") if length > 100 }
    }
    fault($_) for grep { /error:/ } split /\n/, `clang-format --dry-run -Werror @{[ sources() ]} 2>&1`;
}

# A test that writes where it stands would leave something here.
sub check_top_level {
    my %known = map { $_ => 1 } qw(.ci .clang-format .gitignore CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE Makefile README.md bindings datasets docs include plots src tests);
    my %there = map { (split m{/})[0] => 1 } split /\n/, `git ls-files 2>/dev/null`;
    fault("$_ does not belong at the top of the repository") for grep { !$known{$_} } sort keys %there;
}

if (!-e "$build/liblustrum.a") {
    print "$build/liblustrum.a is not there: run make first\n";
    exit 1;
}
check_includes();
check_symbols();
check_citations();
check_prototypes();
check_format();
check_top_level();
exit $bad;
