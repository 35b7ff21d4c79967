#!/usr/bin/perl
# The bindings, where their languages are: what they give is what the program prints.
# usage: run.pl BUILD    TAP on standard output
use strict;
use warnings;
use Cwd 'abs_path';

my $build = abs_path(shift);
my $work = "/tmp/lustrum-bindings-$$";
mkdir $work or die "$work: $!\n";
END { local $?; system('rm', '-rf', $work) if $work }
my ($tests, $failed) = (0, 0);
sub check { my ($name, @wrong) = @_; $failed += !!@wrong; printf "%s %d - %s\n", @wrong ? 'not ok' : 'ok', ++$tests, $name; print map { "# $_\n" } map { split /\n/ } @wrong }
sub skip { printf "ok %d - %s # SKIP %s\n", ++$tests, @_ }
sub has { my ($program) = @_; return grep { -x "$_/$program" } split /:/, $ENV{PATH} }
sub csv { my ($head, @rows) = split /\n/, qx{'$build/lustrum' @_ --format csv --quiet}; return map { my %row; @row{split /,/, $head} = split /,/, $_, -1; \%row } @rows }

my @rates = csv('rates', 'datasets/rotterdam.csv', '--by', 'grade', '--at', '5y,10y', '--where', "'age >= 50'", '--conf-level', '0.9');
my @cox = csv('cox', 'datasets/rotterdam.csv', '--model', "'age + grade'");
my $want = join '', map { join(' ', map { sprintf '%.12g', $_ } @$_{qw(n survival conf_low)}) . "\n" } @rates;
$want .= join '', map { sprintf "%.12g\n", $_->{coefficient} } @cox;

# --- Python ---
if (has('python3')) {
    open my $f, '>', "$work/t.py" or die;
    print $f <<'PYTHON';
import lustrum
r = lustrum.rates("datasets/rotterdam.csv", by="grade", at=["5y", "10y"], where=["age >= 50"], conf_level=0.9)
for row in r["rates"]: print(*("%.12g" % row[k] for k in ("n", "survival", "conf_low")))
for row in lustrum.call("cox", "datasets/rotterdam.csv", model="age + grade")["coefficients"]: print("%.12g" % row["coefficient"])
assert "Kaplan-Meier" in r.notes[0] and r.about["source"]["sha256"].startswith("7dcd114db618")
try: lustrum.rates("datasets/rotterdam.csv", by="colour")
except lustrum.Error as e: assert 'no column "colour"' in str(e) and e.status != 0
else: raise SystemExit("no error")
assert lustrum.recipe("datasets/rotterdam.csv").text.startswith("# A first recipe")
PYTHON
    close $f;
    my $got = qx{LUSTRUM_LIBRARY='$build/liblustrum.so' PYTHONPATH=bindings/python PYTHONDONTWRITEBYTECODE=1 python3 '$work/t.py' 2>&1};
    check('Python: tables, errors, texts', $got eq $want ? () : ("it gives\n$got", "not\n$want"));
} else { skip('Python', 'python3 is not there') }

# --- R ---
if (has('Rscript') && has('pkg-config')) {
    system("cp -r bindings/R '$work/R' && mkdir -p '$work/library' '$work/pc'") == 0 or die;
    open my $pc, '>', "$work/pc/lustrum.pc" or die;
    my $root = abs_path('.');
    print $pc "Name: lustrum\nDescription: as it is built\nVersion: 0\nLibs: -L$build -llustrum\nCflags: -I$root/include\n";
    close $pc;
    my $log = qx{cd '$work' && PKG_CONFIG_PATH='$work/pc' LD_LIBRARY_PATH='$build' R CMD INSTALL --no-docs -l '$work/library' R 2>&1};
    check('R: the package installs', -d "$work/library/lustrum" ? () : $log);
    open my $f, '>', "$work/t.R" or die;
    print $f <<'R';
library(lustrum)
r <- lustrum("rates", "datasets/rotterdam.csv", by = "grade", at = c("5y", "10y"), where = "age >= 50", conf_level = 0.9)
with(r$rates, cat(sprintf("%.12g %.12g %.12g\n", n, survival, conf_low), sep = ""))
cat(sprintf("%.12g\n", lustrum("cox", "datasets/rotterdam.csv", model = "age + grade")$coefficients$coefficient), sep = "")
stopifnot(is.character(r$rates$grade), grepl("Kaplan-Meier", attr(r, "notes")[1]))
said <- tryCatch(lustrum("rates", "datasets/rotterdam.csv", by = "colour"), error = conditionMessage)
stopifnot(grepl('no column "colour"', said))
stopifnot(startsWith(attr(lustrum("recipe", "datasets/rotterdam.csv"), "text"), "# A first recipe"))
R
    close $f;
    my $got = qx{LD_LIBRARY_PATH='$build' R_LIBS='$work/library' Rscript '$work/t.R' 2>&1};
    check('R: data frames, errors, texts', $got eq $want ? () : ("it gives\n$got", "not\n$want"));
} else { skip('R', 'R is not there') }
print "1..$tests\n";
exit($failed ? 1 : 0);
