#!/usr/bin/perl
# Debian packages from a tree that `make install` filled: lustrum, liblustrum0, liblustrum-dev, lustrum-doc.
# usage: deb.pl BUILD VERSION    writes BUILD/*.deb; BUILD/root holds the tree, installed under /usr
use strict;
use warnings;
use File::Path qw(make_path remove_tree);

my ($build, $version) = @ARGV;
my $root = "$build/root/usr";
chomp(my $arch = `dpkg --print-architecture`);
chomp(my $multi = `dpkg-architecture -qDEB_HOST_MULTIARCH`);
my $maintainer = 'lustrum maintainers <lustrum@example.org>';
# Dates in packages are the last commit's, so that two builds give the same bytes.
my $epoch = $ENV{SOURCE_DATE_EPOCH} // (`git log -1 --format=%ct 2>/dev/null` =~ /(\d+)/ ? $1 : time);
$ENV{SOURCE_DATE_EPOCH} = $epoch;

sub run { system(@_) == 0 or die "@_ failed\n" }
sub put { my ($path, $text, $mode) = @_; make_path($path =~ s{/[^/]*$}{}r); open my $f, '>', $path or die "$path: $!\n"; print $f $text; close $f; chmod $mode // 0644, $path }
sub slurp { my ($path) = @_; open my $f, '<', $path or die "$path: $!\n"; local $/; return scalar <$f> }
sub move { my ($from, $to) = @_; make_path($to =~ s{/[^/]*$}{}r); run('cp', '-a', $from, $to) }

my %packages = (
    'lustrum' => {
        section => 'science', arch => $arch, depends => "\${shlibs:Depends}, gnuplot-nox, fonts-liberation", recommends => 'fontconfig', suggests => 'chromium, lustrum-doc',
        title => 'survival statistics of patient tables',
        text => "Rates at five years, medians, curves, tests, relative survival, competing\nrisks and Cox models from cancer-registry style tables; quoted figures in\ntheir context; charts and reports.",
        files => sub { ("bin/lustrum" => 'usr/bin/lustrum', (map { my $s = $_; (glob "$root/share/man/man$s/*") ? ("share/man/man$s" => "usr/share/man/man$s") : () } 1, 5, 7), 'share/lustrum' => 'usr/share/lustrum',
            'share/bash-completion' => 'usr/share/bash-completion', 'share/zsh/site-functions' => 'usr/share/zsh/vendor-completions', 'share/fish' => 'usr/share/fish') },
    },
    'liblustrum0' => {
        section => 'libs', arch => $arch, depends => '${shlibs:Depends}', multi => 'same', title => 'survival statistics of patient tables: shared library',
        text => "The library behind the program lustrum: reading of patients, estimates,\ntests, models, tables and charts.",
        files => sub { ("lib/liblustrum.so.$version" => "usr/lib/$multi/liblustrum.so.$version", 'lib/liblustrum.so.0' => "usr/lib/$multi/liblustrum.so.0") },
    },
    'liblustrum-dev' => {
        section => 'libdevel', arch => $arch, depends => "liblustrum0 (= $version), libc6-dev, libgsl-dev, libyaml-dev, zlib1g-dev, libzstd-dev, libzip-dev, libexpat1-dev, nettle-dev, libcmark-gfm-dev, libcmark-gfm-extensions-dev, libcsv-dev, libreadstat-dev",
        multi => 'same', title => 'survival statistics of patient tables: development files',
        text => "Headers, the static library and the pkg-config file of lustrum.",
        files => sub { ('include/lustrum' => 'usr/include/lustrum', 'lib/liblustrum.a' => "usr/lib/$multi/liblustrum.a", 'lib/liblustrum.so' => "usr/lib/$multi/liblustrum.so", 'lib/pkgconfig/lustrum.pc' => "usr/lib/$multi/pkgconfig/lustrum.pc") },
    },
    'lustrum-doc' => {
        section => 'doc', arch => 'all', depends => '', multi => 'foreign', title => 'survival statistics of patient tables: documents', text => "How each number of lustrum is defined, how files are read, and an example\nof the library.", files => sub { () },
    },
);

# An upstream licence file, in Debian's words.
my $copyright = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: lustrum\nSource: the lustrum repository\n\nFiles: *\nCopyright: 2026 the lustrum authors\nLicense: GPL-3.0+\n"
    . " On Debian systems, the text of the GNU General Public License, version 3, is\n in /usr/share/common-licenses/GPL-3.\n";
my @date = gmtime $epoch;
my $stamp = sprintf '%s, %02d %s %d %02d:%02d:%02d +0000', (qw(Sun Mon Tue Wed Thu Fri Sat))[$date[6]], $date[3], (qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec))[$date[4]], 1900 + $date[5], @date[2, 1, 0];
my $changes = "lustrum ($version) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- $maintainer  $stamp\n";

for my $name (sort keys %packages) {
    my $p = $packages{$name};
    my $tree = "$build/$name";
    remove_tree($tree);
    my %files = $p->{files}->();
    move("$root/$_", "$tree/$files{$_}") for sort keys %files;
    my $doc = "$tree/usr/share/doc/$name";
    put("$doc/copyright", $copyright);
    put("$doc/changelog", $changes);
    if ($name eq 'lustrum-doc') { for (glob('docs/*.md'), 'README.md', 'CHANGELOG.md') { run('cp', $_, $doc) } move('docs/example.c', "$doc/examples/example.c"); }
    run("find '$tree' -name '*.[157]' -path '*/man/*' -exec gzip -9n {} +; gzip -9n '$doc/changelog'; rm -f '$tree'/usr/share/lustrum/README.md.orig");
    run("find '$tree' -type f \\( -name 'lustrum' -path '*/bin/*' -o -name '*.so.*' \\) -exec strip --strip-unneeded --remove-section=.comment --remove-section=.note {} +; find '$tree' -name '*.a' -exec strip --strip-debug --enable-deterministic-archives {} +");
    if (-e "$tree/usr/lib/$multi/pkgconfig/lustrum.pc") { my $pc = slurp("$tree/usr/lib/$multi/pkgconfig/lustrum.pc"); $pc =~ s{^libdir=.*}{libdir=\${prefix}/lib/$multi}m; put("$tree/usr/lib/$multi/pkgconfig/lustrum.pc", $pc) }
    run("find '$tree' -type d -exec chmod 755 {} +; find '$tree' -type f ! -path '*/bin/*' -exec chmod 644 {} +");

    # What the binaries need, as dpkg's own tools find it.
    my $depends = $p->{depends};
    make_path("$build/debian", "$tree/DEBIAN");
    put("$build/debian/control", "Source: lustrum\nMaintainer: $maintainer\n\nPackage: $name\nArchitecture: any\nDescription: x\n");
    if ($name eq 'liblustrum0') {
        run("cd '$build' && dpkg-gensymbols -p$name -v$version -P$name -O$name/DEBIAN/symbols -q >/dev/null");
        put("$tree/DEBIAN/shlibs", "liblustrum 0 liblustrum0 (>= $version)\n");
        put("$tree/DEBIAN/triggers", "activate-noawait ldconfig\n");
    }
    if ($depends =~ /shlibs/) {
        my @binaries = grep { -f && !-l } glob("$tree/usr/bin/* $tree/usr/lib/$multi/*.so.*");
        my $found = `cd '$build' && dpkg-shlibdeps -O @{[map { s{^\Q$build\E/}{}r } @binaries]} 2>/dev/null`;
        $found =~ s/^shlibs:Depends=//; chomp $found;
        die "dpkg-shlibdeps finds nothing for $name\n" unless $found;
        $depends =~ s/\$\{shlibs:Depends\}/$found/;
    }
    my $size = int((`du -sk --apparent-size '$tree/usr'` =~ /^(\d+)/)[0]);
    my $text = join "\n", map { " $_" } split /\n/, $p->{text};
    my $control = "Package: $name\nVersion: $version\nArchitecture: $p->{arch}\nMaintainer: $maintainer\nInstalled-Size: $size\n" . ($depends ? "Depends: $depends\n" : '')
        . join('', map { $p->{lc $_} ? "$_: $p->{lc $_}\n" : '' } 'Recommends', 'Suggests') . "Section: $p->{section}\nPriority: optional\n" . ($p->{multi} ? "Multi-Arch: $p->{multi}\n" : '')
        . "Description: $p->{title}\n$text\n";
    put("$tree/DEBIAN/control", $control);
    run("cd '$tree' && find usr -type f | LC_ALL=C sort | xargs -d '\\n' md5sum > DEBIAN/md5sums && chmod 644 DEBIAN/*");
    run("find '$tree' -exec touch -h -d \@$epoch {} +");
    run('dpkg-deb', '--root-owner-group', '-Zxz', '--build', $tree, "$build/${name}_${version}_$p->{arch}.deb");
}
