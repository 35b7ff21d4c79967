#!/usr/bin/perl
# Reports as a browser shows them: nothing goes sideways on a phone, a tablet and a screen, the console is silent, nothing is asked
# for, axe-core finds nothing in light and dark, and the printed page has every column and caption. Skipped where there is no
# chromium, pdftotext or (that part alone) axe-core.
# usage: browser.pl LUSTRUM REPORT.md...    TAP on standard output
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Kept;

my ($lustrum, @sources) = @ARGV;
$Kept::work = my $work = "/tmp/lustrum-browser-$$";
mkdir $work or die "$work: $!\n";
END { local $?; system('rm', '-rf', $work) if $work }

my ($browser) = grep { -x } map { my $d = $_; map { "$d/$_" } 'chromium', 'chromium-browser', 'google-chrome' } split /:/, $ENV{PATH};
my ($pdftotext) = grep { -x } map { "$_/pdftotext" } split /:/, $ENV{PATH};
my @options = ('--headless', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage', "--user-data-dir=$work/profile", $> ? () : '--no-sandbox');

# What a page's script says of itself, and what the browser's log says.
sub open_page {
    my ($html) = @_;
    open my $f, '>', "$work/page.html" or die;
    print $f $html;
    close $f;
    my $dom = qx{'$browser' @options --enable-logging=stderr --virtual-time-budget=20000 --dump-dom 'file://$work/page.html' 2>'$work/log'};
    my @log = grep { /CONSOLE/ } split /\n/, Kept::text("$work/log");
    return ($dom, @log);
}

# Inside frames of three widths: how far each reaches, and what it has asked for.
sub frames_of {
    my ($page) = @_;
    my $quoted = $page =~ s/&/&amp;/gr =~ s/"/&quot;/gr;
    my $frames = join '', map { qq{<iframe id="w$_" style="width:${_}px;height:900px;border:0" srcdoc="$quoted"></iframe>} } 320, 768, 1280;
    return qq{<!doctype html><meta charset="utf-8"><body>$frames<pre id="said"></pre><script>
addEventListener('load', () => { document.getElementById('said').textContent = [...document.querySelectorAll('iframe')].map(f => { const d = f.contentDocument;
  return f.id + ' ' + d.documentElement.scrollWidth + ' ' + f.contentWindow.performance.getEntriesByType('resource').length + ' ' + d.querySelectorAll('svg').length; }).join('|'); });
</script></body>};
}

# The page with axe-core at its end, which says in a text of its own what it finds wrong.
my $axe_file = $lustrum =~ s{[^/]*$}{node/node_modules/axe-core/axe.min.js}r;
sub axe_of {
    my ($page) = @_;
    my $axe = Kept::text($axe_file) =~ s{</script}{<\\/script}gr;
    my $run = q[addEventListener('load', () => axe.run().then(r => { const p = document.createElement('pre'); p.id = 'said';
        p.textContent = [matchMedia('(prefers-color-scheme: dark)').matches, r.passes.length, ...r.violations.map(v => v.id + ': ' + v.help + ', ' + v.nodes.map(n => n.target).join(' '))].join('|');
        document.body.append(p); }));];
    return $page =~ s{(?=</body>(?!.*</body>))}{<script>$axe</script><script>$run</script>}sr;
}
sub check_axe {
    my ($name, $page) = @_;
    my @kinds = ('light', 'dark');
    if (!-e $axe_file) { Kept::skip("$name: axe-core finds nothing, $_", "$axe_file is not there; make deps-test says why") for @kinds; return }
    open my $f, '>', "$work/axe.html" or die;
    print $f axe_of($page);
    close $f;
    my @runs = map { "'$browser' @options --user-data-dir=$work/$_ --blink-settings=preferredColorScheme=" . ($_ eq 'light' ? 1 : 0)
        . " --virtual-time-budget=20000 --dump-dom 'file://$work/axe.html' >'$work/axe.$_' 2>/dev/null &" } @kinds;
    system("@runs wait");
    for my $kind (@kinds) {
        my ($said) = Kept::text("$work/axe.$kind") =~ m{<pre id="said">([^<]*)</pre>};
        my ($is_dark, $passes, @wrong) = split /\|/, $said // '';
        push @wrong, 'it did not run' if !$passes || $passes < 20;
        push @wrong, "the page is not shown so (dark: $is_dark)" if $passes && ($is_dark eq 'true') != ($kind eq 'dark');
        check("$name: axe-core finds nothing, $kind", @wrong);
    }
}

for my $source (@sources) {
    my $name = $source =~ s{.*/}{}r;
    if (!$browser || !$pdftotext) { Kept::skip("$name in a browser", 'chromium or pdftotext is not there'); next }
    system($lustrum, 'report', $source, '-o', "$work/r.html", '--quiet') == 0 or do { check("$name: the page", 'it is not made'); next };
    my $page = Kept::text("$work/r.html");
    my ($dom, @log) = open_page(frames_of($page));
    my ($said) = $dom =~ m{<pre id="said">([^<]*)</pre>};
    my @frames = map { [split / /] } split /\|/, $said // '';
    check("$name: no sideways scroll at 320, 768 and 1280 pixels", @frames == 3 ? () : 'the frames did not load', map { my ($width) = $_->[0] =~ /(\d+)/; $_->[1] <= $width ? () : "$_->[0]: $_->[1] pixels" } @frames);
    check("$name: it asks for nothing", map { $_->[2] ? "$_->[0]: $_->[2] requests" : () } @frames);
    check("$name: its charts are there", map { $_->[3] > 0 ? () : "$_->[0] has none" } @frames);
    check("$name: the console is silent", @log);
    check_axe($name, $page);
    system($lustrum, 'report', $source, '-o', "$work/r.pdf", '--quiet') == 0 or do { check("$name: the PDF", 'it is not made'); next };
    my $text = qx{'$pdftotext' -layout '$work/r.pdf' -} =~ s/\s+/ /gr;
    my $plain = sub { return $_[0] =~ s/<[^>]*>//gr =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&quot;/"/gr =~ s/&amp;/&/gr =~ s/\s+/ /gr };
    my %heads = map { ($plain->($_) => 1) } $page =~ m{<th[^>]*>(.*?)</th>}gs;
    my @captions = map { $plain->($_) } $page =~ m{<figcaption>(.*?)</figcaption>}gs;
    check("$name: printed, no column is lost", map { index($text, $_) >= 0 ? () : "\"$_\" is not there" } sort keys %heads);
    check("$name: printed, each caption is there", map { index($text, substr $_, 0, 30) >= 0 ? () : "\"$_\" is not there" } @captions);
}
Kept::finish();
