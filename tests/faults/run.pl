#!/usr/bin/perl
# Failing allocations: each case of `cases` is run once for each allocation that it makes, which fails (faults.c).
# usage: run.pl PROGRAM [--shim FILE.so] [--threads N] [--stays] [--step N] [--match TEXT]    TAP on standard output
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename 'dirname';
use Getopt::Long;
use Text::ParseWords 'shellwords';

my ($shim, $threads, $stays, $step, $match) = (undef, 1, 0, 1, '');
my $here = abs_path(dirname($0));
GetOptions('shim=s' => \$shim, 'threads=i' => \$threads, stays => \$stays, 'step=i' => \$step, 'match=s' => \$match) && @ARGV == 1
    or die "usage: run.pl PROGRAM [--shim FILE.so] [--threads N] [--stays] [--step N] [--match TEXT]\n";
my $program = abs_path($ARGV[0]);
$shim &&= abs_path($shim);
my $work = "/tmp/lustrum-faults-$$";

sub write_file { open my $f, '>', $_[0] or die "$_[0]: $!\n"; print $f $_[1]; close $f }

# The inputs: those that stand in data/, and those that are made of them or are too dull to be kept.
sub make_inputs {
    mkdir $work or die "$work: $!\n";
    mkdir "$work/data";
    system("cp $here/data/* $here/../cli/data/fltper.txt $here/../cli/data/kinds.* $work/data") == 0 or die;
    chdir "$work/data" or die;
    system('gzip -k patients.csv && zstd -q patients.csv && (head -5 patients.csv > first.csv) && (sed -n "1p;6,\$p" patients.csv > second.csv)') == 0 or die;
    system('cp patients.csv plain.csv && (sed 5q figures.yaml > figure.yaml)') == 0 or die;
    system("$program tally patients.csv --by grade,er --quiet -o patients.tally && $program tally plain.csv --recipe patients.yaml --by grade --quiet -o plain.tally && head -c 700 patients.tally > broken.tally") == 0 or die;
    write_file('broken.csv', "t,d\n1,1\n2,\"1\n3,0\n");
    write_file('ragged.csv', "t,d\n1,1\n2,1,5\n");
    write_file('bad.csv', "t,d\n1,1\nx,1\n3,0\n-1,1\n2,perhaps\n");
    write_file('quoted.csv', "t,d,\"g h\"\n1,1,\"a, \"\"b\"\"\"\n2,0,\"c\nd\"\n3,1,\"c\nd\"\n4,0,e\n");
    write_file('wrong.yaml', "title: x\ntimes: {column: t}\n");
    write_file('once.csv', "id,t,d,v\n1,3,1,2\n1,3,1,1\n2,4,0,1\n2,4,0,2\n3,5,1,1\n");
    write_file('once.yaml', "time: {column: t}\nevent: d\none_row_per: {column: id, keep: first, order: v}\nwhere: 'v > 0'\n");
    write_file('dates.csv', "from,to,s,id\n2001-02-03,2003-05-06,Dead,1\n2000,2001-04,Alive,2\n1999-12-31,2004-01-01,Dead,3\n");
    write_file('dates.yaml', "time: {origin: from, exit: to, unit: days}\nevent: {column: s, is: [Dead]}\nbad_rows: drop\n");
    write_file('many.csv', "t,d,g\n" . join '', map { sprintf "%d.%d,%d,g%d\n", $_ % 50, $_ % 7, $_ % 2, $_ % 150 } 1 .. 40);
    write_file('fixed.txt', "01121\n02340\n03 51\n");
    write_file('fixed.sas', "input /* x */ @ 1 ID \$char2. @ 3 T 2. @ 5 D \$char1.;\n");
    write_file('coded.txt', "1\t12\t1\n2\t34\t0\n2\t5\t1\n");
    write_file('coded.dic', "[Export Options]\nVariable format=numeric\nField delimiter=tab\nVariable names included=false\n[Variables]\nVar1Name=sex\nVar2Name=t\n" .
        "Var2Base=months\nVar3Name=d\n[Format=sex]\n1=Male\n2=Female\n");
    write_file('wide.csv', "t,d,g,w" . (join '', map { ",c$_" } 1 .. 12) . "\n" . join '', map { my $i = $_; "$i,1,g" . ($i % 3) . ',0.5' . (join '', map { ",v$i$_" } 1 .. 12) . "\n" } 1 .. 10);
}

my %words = (
    FORMATS => [qw(text csv tsv json markdown latex html)],
    ENDINGS => [qw(svg png pdf)],
);

sub read_cases {
    my @cases;
    open my $f, '<', "$here/cases" or die;
    while (<$f>) {
        chomp;
        next if /^#|^\s*$/ || s/^~// && $shim;
        my $line = $_;
        my ($word) = /\b(FORMATS|ENDINGS)\b/;
        my @each = $word ? map { my $x = $_; $line =~ s/$word/$x/r } @{ $words{$word} } : $line;
        push @cases, @each;
    }
    return grep { index($_, $match) >= 0 } @cases;
}

# Runs a case in a folder of its own, and writes what came of it to its file.
sub run_case {
    my ($number, $case) = @_;
    my $code = $case =~ s/^(\d) // ? $1 : die "no exit code: $case\n";
    my $folder = "$work/$number";
    mkdir $folder;
    system("cp -a $work/data/. $folder && mkdir $folder/kept") == 0 or die;
    chdir $folder or die;
    my ($input) = $case =~ s/ < (\S+)$// ? $1 : undef;
    my @arguments = shellwords($case);
    my ($output) = $case =~ / -o (\S+)/;
    push @arguments, '--threads', $threads if $case =~ /^(?:plot (?!pie)|(?:rates|curve|compare|describe|shares|net|context) (?!--help|.*--bt))/;
    local %ENV = (PATH => "$here/bin:$ENV{PATH}", LC_ALL => 'C.UTF-8', TZ => 'UTC', FAULTS_CODE => $code, FAULTS_STEP => $step, FAULTS_STAYS => $stays,
        ASAN_OPTIONS => 'exitcode=99:detect_leaks=1:allocator_may_return_null=1', UBSAN_OPTIONS => 'exitcode=99');
    $ENV{LD_PRELOAD} = $shim if $shim;
    $ENV{FAULTS_INPUT} = $input if $input;
    $ENV{FAULTS_OUTPUT} = $output if $output;
    $ENV{FAULTS_ONLY} = $ENV{ONLY} if $ENV{ONLY};
    open my $said, '>&', \*STDOUT;
    open STDOUT, '>', "$work/$number.said";
    exec { $program } 'lustrum', @arguments or die;
}

# Places in the program, told as file and line.
sub with_lines {
    my ($text) = @_;
    $text =~ s{(\S*)\(\S*\+0x([0-9a-f]+)\)(\[0x[0-9a-f]+\])?}{
        my ($file, $at) = ($1, $2);
        $file = $program if $file eq 'lustrum';
        $file eq $program ? `addr2line -fpe $program 0x$at` =~ s/\n| at \S*(?=src)/ /gr : $&}ge;
    return $text;
}

make_inputs();
my @cases = read_cases();
my %running;
my $most = `nproc` + 0 || 1;
my ($next, $failed, $runs) = (0, 0, 0);
while ($next < @cases || %running) {
    while ($next < @cases && keys %running < $most) {
        my $number = $next++;
        my $pid = fork;
        die "fork: $!" unless defined $pid;
        run_case($number, $cases[$number]) if !$pid;
        $running{$pid} = $number;
    }
    my $pid = wait;
    my $number = delete $running{$pid};
    my $code = $?;
    open my $f, '<', "$work/$number.said";
    my $said = do { local $/; <$f> } // '';
    my ($n, $ms) = $said =~ /^(\d+) runs of (\d+) ms$/m;
    $runs += $n // 0;
    my $good = $code == 0 && $n;
    $failed += !$good;
    printf "%s %d - %d thread%s, %s allocation%s: lustrum %s%s\n", $good ? 'ok' : 'not ok', $number + 1, $threads, $threads > 1 ? 's' : '',
        $n // '?', $stays ? 's and all after' : 's', $cases[$number] =~ s/^\d //r, $ms ? " ($ms ms)" : '';
    print map { "# $_\n" } split /\n/, with_lines($said) if !$good;
}
chdir '/';
system('rm', '-rf', $work);
print "# $runs runs\n1..", scalar @cases, "\n";
exit($failed ? 1 : 0);
