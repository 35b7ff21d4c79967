#!/usr/bin/perl
# Compares what lustrum prints with the reference tables, value by value. map.tsv says which command gives which analysis.
# usage: run.pl LUSTRUM SHARED BUILD      TAP on standard output, one test for each analysis. With SHARED `embedded` the tables are those of
# tests/reference/embedded, which hold R's numbers for the data sets of the repository.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tables qw(table read_file words);

my ($lustrum, $shared, $build) = @ARGV;
$build = "$ENV{PWD}/$build" unless $build =~ m{^/};
$shared = "$ENV{PWD}/$shared" unless $shared =~ m{^/} || $shared eq 'embedded';
my $here = $0 =~ s{/[^/]*$}{}r;
my $is_embedded = $shared eq 'embedded';
my ($data, $tables) = $is_embedded ? ('datasets', "$here/embedded") : ("$shared/data", "$shared/reference");
my $tolerance = 1e-9;    # relative, for closed forms
my ($tests, $failed) = (0, 0);

my %cache;
sub lustrum {            # runs a command, gives its rows
    my ($command, $arguments) = @_;
    my $file = $arguments =~ s/^(\S+)//r;
    my $path = $arguments =~ /^(\S+)/ ? $1 : die;
    $path = "$data/$path" unless $path =~ m{^/};
    my $quoted = join ' ', map { my $w = $_; $w =~ s/'/'\\''/g; "'$w'" } words($file);
    my $line = "$lustrum $command '$path' $quoted --format csv --quiet";
    return $cache{$line} if $cache{$line};
    my $text = `$line`;
    die "$line: exit code $?\n" if $?;
    return $cache{$line} = [table($text)];
}

sub levels { return join '|', map { s/^[^=]*=//r =~ s/\s+$//r } split /, (?=[\w.]+=)/, shift }

# The by-columns are those in front of the first column that every table has.
sub key_of {
    my ($row, $arguments) = @_;
    return '' unless $arguments =~ /--by (\S+(?:\s+[^-\s]\S*`)*)/;
    my ($list) = $arguments =~ /--by ((?:`[^`]*`|[^\s`])+)/;
    my @names = map { s/`//gr } $list =~ /(`[^`]*`|[^,`]+)/g;
    return join '|', map { $row->{$_} } @names;
}

my @problems;
sub same {
    my ($what, $ours, $reference, $scale) = @_;
    my $good = $reference eq 'NA' ? $ours eq ''
             : $ours ne '' && abs($ours - $reference) <= $tolerance * ($scale // (abs($reference) > 1e-3 ? abs($reference) : 1));
    push @problems, "$what: ours '$ours', reference $reference" unless $good;
}

# Survival, its error and limits at times. Where R's row is a convention ours must be what docs/methods.md, "One curve" says.
sub check_km {
    my ($rows, $arguments, $kind) = @_;
    my $late = $kind =~ /late/;
    my ($only) = $kind =~ /-(log-log|log)$/;
    my @at = do { my %seen; grep { !$seen{$_}++ } map { $_->{at} } grep { $_->{at} =~ /^[\d.]+$/ } @$rows };
    my %last = map { key_of($_, $arguments) => $_->{time_max} } @{ lustrum('describe', $arguments =~ s/ --(?:conf-level|method|given) \S+//gr) };
    my (%rates, %quantiles, %means);
    for my $conf ($only ? $only : qw(plain log log-log logit arcsin)) {
        if (@at) {
            my $list = join ',', @at;
            $rates{$conf}{ key_of($_, $arguments) }{ $_->{time} } = $_ for @{ lustrum('rates', "$arguments --conf $conf --at $list") };
        }
        next if $arguments =~ /--given/;
        $quantiles{$conf}{ key_of($_, $arguments) }{"p$_->{quantile}"} = $_
            for @{ lustrum('rates', "$arguments --conf $conf --quantiles 25,50,75 --table quantiles") };
    }
    my ($any) = keys %rates;
    my %column = ('surv' => 'survival', 'std.err' => 'std_error', 'n.risk' => 'at_risk', 'n.risk.direct' => 'at_risk', 'lower' => 'conf_low', 'upper' => 'conf_high');
    my (%before, %reference);
    $reference{ $_->{stratum} }{ $_->{at} }{ $_->{statistic} } = $_->{value} for @$rows;
    for my $r (@$rows) {
        my ($what, $conf) = $r->{statistic} =~ /^(lower|upper)\.(.*)$/ ? ($1, $2) : ($r->{statistic}, $only // $any // 'log');
        my $key = levels($r->{stratum});
        my $name = "$r->{stratum} $r->{at} $r->{statistic}";
        if ($r->{analysis} =~ /:rmst$/) {
            my ($row) = grep { key_of($_, $arguments) eq $key } @{ lustrum('rates', "$arguments --rmst $r->{at}") };
            my %mean = ('rmean' => 'rmst', 'se.rmean' => 'rmst_std_error', 'records' => 'n', 'events' => 'events');
            my $beyond = $r->{at} > $last{$key} && $r->{statistic} =~ /rmean/;
            if ($row->{rmst} eq '' && ($beyond || $late)) {    # R extends the curve, or keeps 0
                my ($end) = grep { key_of($_, $arguments) eq $key } @{ lustrum('rates', "$arguments --at $r->{at}") };
                push @problems, "$name: not available, yet survival is" if $end->{survival} ne '';
                next;
            }
            same($name, $row->{ $mean{ $r->{statistic} } }, $r->{value});
            next;
        }
        if ($r->{at} =~ /^p\d/) {
            my $row = $quantiles{$conf}{$key}{ $r->{at} } or do { push @problems, "$name: no row"; next };
            my %limit = (quantile => 'time', lower => 'conf_low', upper => 'conf_high');
            same($name, $row->{ $limit{$what} }, $r->{value}, abs($r->{value} eq 'NA' ? 1 : $r->{value}) || 1);
            next;
        }
        my $row = $rates{$conf}{$key}{ $r->{at} + 0 } or do { push @problems, "$name: no row"; next };
        if ($what eq 'n.event.interval') {
            same($name, $row->{events_by} - ($before{$key} // 0), $r->{value});
            $before{$key} = $row->{events_by};
            next;
        }
        next if $what eq 'n.risk' && $late;    # survfit's is not exact between events; n.risk.direct is compared
        next unless $column{$what};
        my $truth = $reference{ $r->{stratum} }{ $r->{at} };
        $truth->{surv} //= $row->{survival};
        my $ours = $row->{ $column{$what} };
        if ($late && $what !~ /^n/ && $truth->{surv} == 0) {    # R keeps 0 although others enter later
            push @problems, "$name: S is 0, yet '$ours'" if $ours ne '' && $what ne 'surv';
        } elsif ($what !~ /^n/ && $r->{at} > $last{$key} && $truth->{surv} > 0) {
            push @problems, "$name: beyond follow-up, yet '$ours'" if $ours ne '';
        } elsif ($what =~ /^(std|lower|upper)/ && $truth->{surv} == 0) {
            push @problems, "$name: S is 0, yet '$ours'" if $ours ne '';
        } elsif ($what =~ /^(std|lower|upper)/ && $truth->{surv} == 1) {
            push @problems, "$name: S is 1, yet '$ours'" if $ours != ($what =~ /^std/ ? 0 : 1);
        } else {
            same($name, $ours, $r->{value});
        }
    }
}

sub check_curve {
    my ($rows, $arguments) = @_;
    my %curve;
    $curve{ key_of($_, $arguments) }{ $_->{time} } = $_ for @{ lustrum('curve', "$arguments --conf log") };
    my %column = ('n.risk' => 'at_risk', 'n.event' => 'events', 'n.censor' => 'censored', 'surv' => 'survival', 'std.err' => 'std_error',
                  'lower' => 'conf_low', 'upper' => 'conf_high', 'cumhaz' => 'cumulative_hazard');
    for my $r (@$rows) {
        my $row = $curve{ levels($r->{stratum}) }{ $r->{at} + 0 } or do { push @problems, "$r->{stratum} $r->{at}: no row"; next };
        my $column = $column{ $r->{statistic} } or next;
        next if $column =~ /std_error|conf/ && $row->{survival} == 0 && $row->{$column} eq '';
        same("$r->{stratum} $r->{at} $r->{statistic}", $row->{$column}, $r->{value});
    }
}

# stype 2 and 1: survival from the hazard; the hazard itself stands in the curve.
sub check_hazard {
    my ($rows, $arguments) = @_;
    my @at = do { my %seen; grep { !$seen{$_}++ } map { $_->{at} } @$rows };
    my $list = join ',', @at;
    my (%rates, %curve);
    $rates{ key_of($_, $arguments) }{ $_->{time} } = $_ for @{ lustrum('rates', "$arguments --conf log --at $list") };
    push @{ $curve{ key_of($_, $arguments) } }, $_ for @{ lustrum('curve', "$arguments --conf log") };
    my %column = ('surv' => 'survival', 'std.err' => 'std_error', 'lower' => 'conf_low', 'upper' => 'conf_high');
    for my $r (@$rows) {
        my $key = levels($r->{stratum});
        my $name = "$r->{stratum} $r->{at} $r->{statistic}";
        my @until = grep { $_->{time} <= $r->{at} } @{ $curve{$key} };
        my $row = $rates{$key}{ $r->{at} + 0 } or do { push @problems, "$name: no row"; next };
        if ($r->{statistic} eq 'cumhaz') { same($name, $until[-1]{cumulative_hazard}, $r->{value}) if @until }
        elsif ($r->{statistic} eq 'std.chaz' && $arguments !~ /kaplan/) { same($name, $row->{std_error} / $row->{survival}, $r->{value}) if $row->{survival} ne '' }
        elsif ($column{ $r->{statistic} }) {
            my $ours = $row->{ $column{ $r->{statistic} } };
            next if $ours eq '' && ($r->{at} > $curve{$key}[-1]{time} || $row->{survival} eq '0');
            same($name, $ours, $r->{value});
        }
    }
}

# The infinitesimal jackknife's variance is the sum of the squared influences (of equal weights, whatever they are).
sub check_influence {
    my ($rows, $arguments) = @_;
    my %sum;
    $sum{ $_->{stratum} =~ s/t=//r } += $_->{value}**2 for @$rows;
    my $list = join ',', sort keys %sum;
    for my $r (@{ lustrum('rates', "$arguments --at $list") }) {
        if ($r->{survival} == 0) { push @problems, "S is 0, yet '$r->{std_error}'" if $r->{std_error} ne '' }
        else { same("variance at $r->{time}", $r->{std_error}**2, $sum{ $r->{time} }) }
    }
}

sub check_compare {
    my ($rows, $arguments, $test) = @_;
    my ($weights) = $test =~ /^(.*?)(?: trend)?$/;
    my $asked = $weights eq 'log-rank' ? '' : " --test $weights";
    my ($row) = grep { $_->{test} eq $test } @{ lustrum('compare', "$arguments$asked") };
    my %groups = map { key_of($_, $arguments) => $_ } grep { !defined $_->{test} || $_->{test} eq $weights } @{ lustrum('compare', "$arguments$asked --table groups") };
    my %column = (chisq => 'statistic', df => 'df', p => 'p_value', n => 'n', obs => 'observed', exp => 'expected');
    for my $r (@$rows) {
        my $column = $column{ $r->{statistic} } or next;
        my $from = $r->{at} eq 'group' || $r->{stratum} ne '' ? $groups{ levels($r->{stratum}) } : $row;
        push(@problems, "$r->{stratum} $r->{statistic}: no row"), next unless $from;
        # an upper tail of size p amplifies the statistic's own relative error by about statistic/2
        my $scale = $column eq 'p_value' ? abs($r->{value}) * (1 + $row->{statistic}) : undef;
        same("$r->{stratum} $r->{statistic}", $from->{$column}, $r->{value}, $scale);
    }
}

sub derive {             # files that the reference made in R on the way
    mkdir $build;
    my @lung = table(read_file("$data/lung.csv"));
    open my $f, '>', "$build/lung-weighted.csv" or die $!;
    print $f "time,status,sex,w,half\n";
    for (@lung) { next if $_->{'ph.ecog'} eq 'NA'; printf $f "%s,%s,%s,%d,%.1f\n", @$_{qw(time status sex)}, $_->{'ph.ecog'} + 1, ($_->{'ph.ecog'} + 1) / 2 }
    close $f;
    open $f, '>', "$build/test1-half.csv" or die $!;
    print $f "time,status,w\n";
    printf $f "%s,%s,0.5\n", @$_{qw(time status)} for table(read_file("$tables/handcomputed/test1.csv"));
    close $f;
    open $f, '>', "$build/mgus2-age.csv" or die $!;
    print $f "entry,exit,death,sex\n";
    for (table(read_file("$data/mgus2.csv"))) { printf $f "%s,%.17g,%s,%s\n", $_->{age}, $_->{age} + ($_->{futime} + .1) / 12, $_->{death}, $_->{sex} }
    close $f;
}

derive() unless $is_embedded;
my %reference;
for my $line (split /\n/, read_file("$here/map.tsv")) {
    next if $line =~ /^#/;
    my ($file, $set, $analysis, $kind, $arguments, $except) = split /\t/, $line;
    next if $is_embedded && !-e "$tables/$file.csv";    # the embedded tables lack some files
    my $table = $file eq 'handcomputed' ? "$tables/handcomputed/expected.csv" : "$tables/$file.csv";
    $reference{$file} //= [table(read_file($table))];
    my @rows = grep { $_->{dataset} eq $set && ($_->{analysis} eq $analysis || $_->{analysis} =~ /^\Q$analysis\E:(quantiles|rmst)$/) } @{ $reference{$file} };
    @rows = grep { $_->{analysis} !~ /:quantiles$/ || $_->{statistic} !~ /$except/ } @rows if $except;
    next if $is_embedded && !@rows;
    if ($analysis =~ /^number at risk/) {
        my $by = $arguments =~ /--by (\S+)/ ? $1 eq 'receptor' ? 'receptor_c' : $1 : '';
        @rows = grep { $by ? $_->{stratum} =~ /^\Q$by\E=/ : $_->{stratum} eq '' } @rows;
    }
    $arguments =~ s/\{here\}/$here/g;
    $arguments =~ s/\{build\}/$build/g;
    $arguments =~ s/\{hand\}/$tables\/handcomputed/g;
    @problems = ();
    eval {
        if ($kind =~ /^km/) { check_km(\@rows, $arguments, $kind) }
        elsif ($kind =~ /^curve/) { check_curve(\@rows, $arguments) }
        elsif ($kind eq 'influence') { check_influence(\@rows, $arguments) }
        elsif ($kind =~ /^hazard/) { check_hazard(\@rows, $arguments) }
        else { check_compare(\@rows, $arguments, $kind =~ s/^compare-//r) }
        1;
    } or push @problems, $@;
    push @problems, 'no reference rows' unless @rows;
    $tests++;
    $failed += !!@problems;
    printf "%s %d - %s, %s: %s (%d values)\n", @problems ? 'not ok' : 'ok', $tests, $file, $set, $analysis, scalar @rows;
    print "# $_\n" for @problems > 6 ? (@problems[0 .. 5], 'and ' . (@problems - 6) . ' more') : @problems;
}
print "1..$tests\n";
exit($failed ? 1 : 0);
