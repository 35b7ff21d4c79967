#!/usr/bin/perl
# Calibrates stage4-model.yaml: makes a large population, reads what it gives where the published figures are, changes the ratios and hazards marked "fit:", and so on.
# usage: calibrate-stage4.pl LUSTRUM [ROUNDS]    (default 8; rewrites datasets/stage4-model.yaml)
use strict;
use warnings;
my ($lustrum, $rounds) = (shift // 'build/lustrum', shift // 8);
my $model = 'datasets/stage4-model.yaml';
my $csv = "/tmp/calibrate-$$.csv";
my $recipe = 'datasets/stage4.yaml';
my $late_from = 5;    # piece of the baseline that begins at 3 years

sub model_text { open my $f, '<', $model or die "$model: $!\n"; local $/; return scalar <$f> }
sub write_model { open my $f, '>', $model or die "$model: $!\n"; print $f shift }

# What the population gives for each published figure.
sub values_now {
    system("$lustrum simulate $model --n 400000 --seed 7 -o $csv") == 0 or die;
    my %value;
    for (`$lustrum context $csv --recipe $recipe --figures datasets/figures/published.yaml --lifetable datasets/lifetables/us.csv --format json`) {
        if (/"figure": "([^"]+)"/) { $value{' '} = $1 }
        elsif (/"figure_value": ([\d.]+)/) { $value{ $value{' '} }[0] = $1 }
        elsif (/"data_value": ([\d.]+)/) { $value{ $value{' '} }[1] = $1 }
    }
    return \%value;
}

# -log of cause-specific survival at 5 years, recurrent over de novo.
sub recurrent_ratio {
    my %s;
    for (`$lustrum rates $csv --recipe $recipe --event status=cancer --by presentation --format csv --quiet`) { my @f = split /,/; $s{ $f[0] } = $f[6] }
    return log($s{recurrent}) / log($s{'de novo'});
}

for my $round (1 .. $rounds) {
    my $v = values_now();
    my $text = model_text();
    my $off = sub { my ($id) = @_; my ($target, $now) = @{ $v->{$id} }; return log($target) / log($now) };
    my ($bone, $hr) = ($off->('wang-os3-bone'), $off->('seer-rs5-distant-hrpos-her2neg'));
    my $worst = 0;
    for my $id ($text =~ /# fit: (\S+)/g) {
        next if $id eq 'baseline';
        my $change = $id eq 'malmgren' ? log(0.21) / log(0.44) / recurrent_ratio() : $off->($id) / ($id =~ /^wang/ ? $bone : $hr);
        $worst = abs(log $change) if abs(log $change) > $worst;
        $text =~ s/(ratio: )([\d.]+)(\} # fit: \Q$id\E\n)/sprintf '%s%.4g%s', $1, $2 * $change, $3/e;
    }
    # bone-only women at 3 years set the early hazards, HR+/HER2- women between 3 and 5 the late ones
    my ($target3, $now3) = @{ $v->{'wang-os3-bone'} };
    my ($target5, $now5) = @{ $v->{'seer-rs5-distant-hrpos-her2neg'} };
    my $late = 1 + 1.5 * (log($target5) / log($now5) - log($target3) / log($now3));
    $text =~ s/per_year: \[([^\]]+)\](.*# fit: baseline)/
        my @h = split m{,\s*}, $1; my $tail = $2;
        $h[$_] = sprintf '%.4g', $h[$_] * ($_ >= $late_from ? $bone * $late : $bone) for 0 .. $#h;
        "per_year: [" . join(', ', @h) . "]$tail"/e;
    write_model($text);
    printf "round %d: worst ratio off by %.3f; bone at 3 years %.3f for %.3f, HR+\/HER2- at 5 years %.3f for %.3f, late x %.3f\n", $round, $worst, $now3, $target3, $now5, $target5, $late;
}
unlink $csv;
