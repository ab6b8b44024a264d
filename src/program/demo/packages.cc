// See packages.h. The tables are facts: names and versions as the distributions' archives and the
// languages' registries have them.
#include "program/demo/packages.h"

#include "base/strings.h"
#include "version/purl.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace scantling::program::demo {
namespace {

using model::Component;
using version::Ecosystem;

// clang-format off
// [GROUP] begins a group; then SOURCE VERSION BINARY[=VERSION]..., and in {EDITION} what it brought:
// SOURCE VERSION, for that edition and those after it.
constexpr std::string_view kDebian12 = R"(
[]
adduser 3.134 adduser
apt 2.6.1 apt libapt-pkg6.0
base-files 12.4+deb12u1 base-files
base-passwd 3.6.1 base-passwd
bash 5.2.15-2 bash=5.2.15-2+b2
util-linux 2.38.1-5 bsdutils=1:2.38.1-5+b1 libblkid1 libmount1 libsmartcols1 libuuid1 mount util-linux util-linux-extra
coreutils 9.1-1 coreutils
dash 0.5.12-2 dash
debconf 1.5.82 debconf
debian-archive-keyring 2023.3 debian-archive-keyring
debianutils 5.7-0.4 debianutils
diffutils 1:3.8-4 diffutils
dpkg 1.21.22 dpkg
e2fsprogs 1.47.0-2 e2fsprogs libcom-err2 libext2fs2 libss2 logsave
findutils 4.9.0-4 findutils
gcc-12 12.2.0-14 gcc-12-base libgcc-s1 libstdc++6
gnupg2 2.2.40-1.1 gpgv
grep 3.8-5 grep
gzip 1.12-1 gzip
hostname 3.23+nmu1 hostname
init-system-helpers 1.65.2 init-system-helpers
acl 2.3.1-3 libacl1
attr 1:2.5.1-4 libattr1
audit 1:3.0.9-1 libaudit-common libaudit1
bzip2 1.0.8-5 libbz2-1.0=1.0.8-5+b1
glibc 2.36-9+deb12u1 libc-bin libc6
libcap-ng 0.8.3-1 libcap-ng0=0.8.3-1+b3
libcap2 1:2.66-4 libcap2
libxcrypt 1:4.4.33-2 libcrypt1
db5.3 5.3.28+dfsg2-1 libdb5.3
cdebconf 0.270 libdebconfclient0
libffi 3.4.4-1 libffi8
libgcrypt20 1.10.1-3 libgcrypt20
gmp 2:6.2.1+dfsg1-1.1 libgmp10
gnutls28 3.7.9-2 libgnutls30
libgpg-error 1.46-1 libgpg-error0
nettle 3.8.1-2 libhogweed6 libnettle8
libidn2 2.3.3-1 libidn2-0=2.3.3-1+b1
lz4 1.9.4-1 liblz4-1
xz-utils 5.4.1-0.2 liblzma5
libmd 1.0.4-2 libmd0
p11-kit 0.24.1-2 libp11-kit0
pam 1.5.2-6 libpam-modules libpam-modules-bin libpam-runtime libpam0g
pcre2 10.42-1 libpcre2-8-0
libseccomp 2.5.4-1 libseccomp2=2.5.4-1+b3
libselinux 3.4-1 libselinux1=3.4-1+b6
libsemanage 3.4-1 libsemanage-common libsemanage2=3.4-1+b5
libsepol 3.4-2.1 libsepol2
systemd 252.12-1~deb12u1 libsystemd0 libudev1
libtasn1-6 4.19.0-2 libtasn1-6
ncurses 6.4-4 libtinfo6 ncurses-base ncurses-bin
libunistring 1.0-2 libunistring2
xxhash 0.8.1-1 libxxhash0
libzstd 1.5.4+dfsg2-5 libzstd1
shadow 1:4.13+dfsg1-1 login=1:4.13+dfsg1-1+b1 passwd
mawk 1.3.4.20200120-3.1 mawk
perl 5.36.0-7 perl-base
sed 4.9-1 sed
sysvinit 3.06-4 sysvinit-utils
tar 1.34+dfsg-1.2 tar
tzdata 2023c-5 tzdata
usrmerge 35 usr-is-merged
zlib 1:1.2.13.dfsg-1 zlib1g
[web]
ca-certificates 20230311 ca-certificates
openssl 3.0.9-1 openssl libssl3
curl 7.88.1-10 curl libcurl4
nghttp2 1.52.0-1 libnghttp2-14
krb5 1.20.1-2 libkrb5-3 libgssapi-krb5-2 libk5crypto3 libkrb5support0
openldap 2.5.13+dfsg-5 libldap-2.5-0
cyrus-sasl2 2.1.28+dfsg-10 libsasl2-2 libsasl2-modules-db
brotli 1.0.9-2 libbrotli1=1.0.9-2+b6
rtmpdump 2.4+20151223.gitfa8646d.1-2 librtmp1=2.4+20151223.gitfa8646d.1-2+b2
libssh2 1.10.0-3 libssh2-1=1.10.0-3+b1
libpsl 0.21.2-1 libpsl5
keyutils 1.6.3-2 libkeyutils1
netbase 6.4 netbase
[python]
python3.11 3.11.2-6 libpython3.11-minimal libpython3.11-stdlib python3.11 python3.11-minimal
expat 2.5.0-1 libexpat1
sqlite3 3.40.1-2 libsqlite3-0
readline 8.2-1.3 libreadline8 readline-common
media-types 10.0.0 media-types
postgresql-15 15.3-0+deb12u1 libpq5
libjpeg-turbo 1:2.1.5-2 libjpeg62-turbo
libpng1.6 1.6.39-2 libpng16-16
libwebp 1.2.4-0.2 libwebp7
tiff 4.5.0-6 libtiff6
freetype 2.12.1+dfsg-5 libfreetype6
[git]
git 1:2.39.2-1.1 git git-man
perl 5.36.0-7 perl perl-modules-5.36 libperl5.36
gdbm 1.23-3 libgdbm6
openssh 1:9.2p1-2 openssh-client
libxml2 2.9.14+dfsg-1.2 libxml2
icu 72.1-3 libicu72
procps 2:4.0.2-3 procps libproc2-0
wget 1.21.3-1 wget=1.21.3-1+b2
[nginx]
nginx 1.22.1-9 nginx nginx-common
geoip 1.6.12-10 libgeoip1
[build]
binutils 2.40-2 binutils
gcc-12 12.2.0-14 gcc-12 cpp-12 libgcc-12-dev
glibc 2.36-9+deb12u1 libc6-dev libc-dev-bin
linux 6.1.38-1 linux-libc-dev
make-dfsg 4.3-4.1 make
patch 2.7.6-7 patch
{1}
base-files 12.4+deb12u2
debianutils 5.7-0.5~deb12u1
glibc 2.36-9+deb12u3
openssl 3.0.11-1~deb12u1
nghttp2 1.52.0-1+deb12u1
curl 7.88.1-10+deb12u4
libwebp 1.2.4-0.2+deb12u1
systemd 252.17-1~deb12u1
linux 6.1.55-1
usrmerge 37~deb12u1
{2}
base-files 12.4+deb12u5
glibc 2.36-9+deb12u4
openssl 3.0.11-1~deb12u2
gnutls28 3.7.9-2+deb12u2
perl 5.36.0-7+deb12u1
curl 7.88.1-10+deb12u5
tar 1.34+dfsg-1.2+deb12u1
systemd 252.22-1~deb12u1
openssh 1:9.2p1-2+deb12u2
postgresql-15 15.6-0+deb12u1
linux 6.1.76-1
tzdata 2024a-0+deb12u1
{3}
base-files 12.4+deb12u6
glibc 2.36-9+deb12u7
util-linux 2.38.1-5+deb12u1
gnutls28 3.7.9-2+deb12u3
openssl 3.0.13-1~deb12u1
openssh 1:9.2p1-2+deb12u3
krb5 1.20.1-2+deb12u2
curl 7.88.1-10+deb12u6
python3.11 3.11.2-6+deb12u2
systemd 252.26-1~deb12u2
linux 6.1.94-1
freetype 2.12.1+dfsg-5+deb12u3
{4}
base-files 12.4+deb12u8
glibc 2.36-9+deb12u9
openssl 3.0.15-1~deb12u1
curl 7.88.1-10+deb12u8
expat 2.5.0-1+deb12u1
git 1:2.39.5-0+deb12u1
sqlite3 3.40.1-2+deb12u1
python3.11 3.11.2-6+deb12u5
systemd 252.31-1~deb12u1
postgresql-15 15.10-0+deb12u1
linux 6.1.115-1
libxml2 2.9.14+dfsg-1.3~deb12u1
)";

constexpr std::string_view kDebian11 = R"(
[]
adduser 3.118+deb11u1 adduser
apt 2.2.4 apt libapt-pkg6.0
base-files 11.1+deb11u5 base-files
base-passwd 3.5.51 base-passwd
bash 5.1-2 bash=5.1-2+b3
util-linux 2.36.1-8+deb11u1 bsdutils=1:2.36.1-8+deb11u1 libblkid1 libmount1 libsmartcols1 libuuid1 mount util-linux
coreutils 8.32-4 coreutils=8.32-4+b1
dash 0.5.11+git20200708+dd9ef66-5 dash
debconf 1.5.77 debconf
debian-archive-keyring 2021.1.1 debian-archive-keyring
debianutils 4.11.2 debianutils
diffutils 1:3.7-5 diffutils
dpkg 1.20.12 dpkg
e2fsprogs 1.46.2-2 e2fsprogs libcom-err2 libext2fs2 libss2 logsave
findutils 4.8.0-1 findutils
gcc-10 10.2.1-6 gcc-10-base libgcc-s1 libstdc++6
gnupg2 2.2.27-2+deb11u2 gpgv
grep 3.6-1+deb11u1 grep
gzip 1.10-4+deb11u1 gzip
hostname 3.23 hostname
init-system-helpers 1.60 init-system-helpers
acl 2.2.53-10 libacl1
attr 1:2.4.48-6 libattr1
audit 1:3.0-2 libaudit-common libaudit1
bzip2 1.0.8-4 libbz2-1.0
glibc 2.31-13+deb11u5 libc-bin libc6
libcap-ng 0.7.9-2.2 libcap-ng0=0.7.9-2.2+b1
libxcrypt 1:4.4.18-4 libcrypt1
db5.3 5.3.28+dfsg1-0.8 libdb5.3
cdebconf 0.260 libdebconfclient0
libffi 3.3-6 libffi7
libgcrypt20 1.8.7-6 libgcrypt20
gmp 2:6.2.1+dfsg-1+deb11u1 libgmp10
gnutls28 3.7.1-5+deb11u2 libgnutls30
libgpg-error 1.38-2 libgpg-error0
nettle 3.7.3-1 libhogweed6 libnettle8
libidn2 2.3.0-5 libidn2-0
lz4 1.9.3-2 liblz4-1
xz-utils 5.2.5-2.1~deb11u1 liblzma5
p11-kit 0.23.22-1 libp11-kit0
pam 1.4.0-9+deb11u1 libpam-modules libpam-modules-bin libpam-runtime libpam0g
pcre2 10.36-2+deb11u1 libpcre2-8-0
pcre3 2:8.39-13 libpcre3
libseccomp 2.5.1-1+deb11u1 libseccomp2
libselinux 3.1-3 libselinux1
libsemanage 3.1-1 libsemanage-common libsemanage1=3.1-1+b2
libsepol 3.1-1 libsepol1
systemd 247.3-7+deb11u1 libsystemd0 libudev1
libtasn1-6 4.16.0-2 libtasn1-6
ncurses 6.2+20201114-2 libtinfo6 ncurses-base ncurses-bin
libunistring 0.9.10-4 libunistring2
xxhash 0.8.0-2 libxxhash0
libzstd 1.4.8+dfsg-2.1 libzstd1
shadow 1:4.8.1-1 login passwd
mawk 1.3.4.20200120-2 mawk
perl 5.32.1-4+deb11u2 perl-base
sed 4.7-1 sed
sysvinit 2.96-7+deb11u1 sysvinit-utils
tar 1.34+dfsg-1 tar
tzdata 2021a-1+deb11u8 tzdata
zlib 1:1.2.11.dfsg-2+deb11u2 zlib1g
[web]
ca-certificates 20210119 ca-certificates
openssl 1.1.1n-0+deb11u3 openssl libssl1.1
curl 7.74.0-1.3+deb11u3 curl libcurl4
nghttp2 1.43.0-1 libnghttp2-14
krb5 1.18.3-6+deb11u3 libkrb5-3 libgssapi-krb5-2 libk5crypto3 libkrb5support0
openldap 2.4.57+dfsg-3+deb11u1 libldap-2.4-2
cyrus-sasl2 2.1.27+dfsg-2.1+deb11u1 libsasl2-2 libsasl2-modules-db
libssh2 1.9.0-2 libssh2-1
netbase 6.3 netbase
[python]
python3.9 3.9.2-1 libpython3.9-minimal libpython3.9-stdlib python3.9 python3.9-minimal
expat 2.2.10-2+deb11u4 libexpat1
sqlite3 3.34.1-3 libsqlite3-0
readline 8.1-1 libreadline8 readline-common
[git]
git 1:2.30.2-1 git git-man
openssh 1:8.4p1-5 openssh-client
libxml2 2.9.10+dfsg-6.7+deb11u2 libxml2
[nginx]
nginx 1.18.0-6.1 nginx nginx-common
[build]
binutils 2.35.2-2 binutils
linux 5.10.140-1 linux-libc-dev
make-dfsg 4.3-4.1 make
{1}
base-files 11.1+deb11u7
glibc 2.31-13+deb11u7
openssl 1.1.1w-0+deb11u1
curl 7.74.0-1.3+deb11u7
gnutls28 3.7.1-5+deb11u3
nghttp2 1.43.0-1+deb11u1
expat 2.2.10-2+deb11u5
linux 5.10.197-1
{2}
base-files 11.1+deb11u10
glibc 2.31-13+deb11u10
gnutls28 3.7.1-5+deb11u5
krb5 1.18.3-6+deb11u4
curl 7.74.0-1.3+deb11u11
linux 5.10.216-1
)";

constexpr std::string_view kAlpine316 = R"(
[]
alpine-baselayout 3.2.0-r23 alpine-baselayout alpine-baselayout-data
alpine-keys 2.4-r1 alpine-keys
apk-tools 2.12.9-r3 apk-tools
busybox 1.35.0-r15 busybox ssl_client
ca-certificates 20220614-r0 ca-certificates-bundle
libc-dev 0.7.2-r3 libc-utils
openssl 1.1.1q-r0 libcrypto1.1 libssl1.1
musl 1.2.3-r0 musl musl-utils
pax-utils 1.3.4-r0 scanelf
zlib 1.2.12-r1 zlib
[web]
curl 7.83.1-r2 curl libcurl
nghttp2 1.47.0-r0 nghttp2-libs
brotli 1.0.9-r6 brotli-libs
tzdata 2022a-r0 tzdata
[python]
python3 3.10.5-r0 python3
expat 2.4.8-r0 expat
sqlite 3.38.5-r0 sqlite-libs
libffi 3.4.2-r1 libffi
xz 5.2.5-r1 xz-libs
[git]
git 2.36.2-r0 git
pcre2 10.40-r0 pcre2
openssh 9.0_p1-r1 openssh-client-common openssh-client-default
[nginx]
nginx 1.22.0-r1 nginx
pcre 8.45-r2 pcre
)";

constexpr std::string_view kAlpine319 = R"(
[]
alpine-baselayout 3.4.3-r2 alpine-baselayout alpine-baselayout-data
alpine-keys 2.4-r1 alpine-keys
apk-tools 2.14.0-r5 apk-tools
busybox 1.36.1-r15 busybox busybox-binsh ssl_client
ca-certificates 20230506-r0 ca-certificates-bundle
libc-dev 0.7.2-r5 libc-utils
openssl 3.1.4-r1 libcrypto3 libssl3
musl 1.2.4_git20230717-r4 musl musl-utils
pax-utils 1.3.7-r2 scanelf
zlib 1.3-r2 zlib
[web]
curl 8.5.0-r0 curl libcurl
nghttp2 1.58.0-r0 nghttp2-libs
c-ares 1.22.1-r0 c-ares
brotli 1.1.0-r1 brotli-libs
libunistring 1.1-r2 libunistring
libidn2 2.3.4-r4 libidn2
tzdata 2023c-r1 tzdata
[python]
python3 3.11.6-r1 python3 python3-pyc
expat 2.5.0-r2 libexpat
sqlite 3.44.2-r0 sqlite-libs
libffi 3.4.4-r3 libffi
xz 5.4.5-r0 xz-libs
readline 8.2.1-r2 readline
bzip2 1.0.8-r6 libbz2
gdbm 1.23-r1 gdbm
[git]
git 2.43.0-r0 git git-init-template
pcre2 10.42-r2 pcre2
openssh 9.6_p1-r0 openssh-client-common openssh-client-default openssh-keygen
[nginx]
nginx 1.24.0-r14 nginx
pcre 8.45-r3 pcre
[build]
gcc 13.2.1_git20231014-r0 gcc libgcc libstdc++
binutils 2.41-r0 binutils
make 4.4.1-r2 make
{1}
busybox 1.36.1-r16
apk-tools 2.14.4-r0
openssl 3.1.6-r0
expat 2.6.2-r0
curl 8.5.0-r0
{2}
busybox 1.36.1-r19
openssl 3.1.7-r1
curl 8.9.1-r1
expat 2.6.4-r0
git 2.43.4-r0
musl 1.2.4_git20230717-r5
openssh 9.6_p1-r1
)";

constexpr std::string_view kAlmaLinux9 = R"(
[]
almalinux-release 9.2-1.el9 almalinux-release almalinux-repos almalinux-gpg-keys
audit 3.0.7-103.el9 audit-libs
basesystem 11-13.el9 basesystem
bash 5.1.8-6.el9_1 bash
bzip2 1.0.8-8.el9 bzip2-libs
ca-certificates 2022.2.54-90.2.el9_0 ca-certificates
coreutils 8.32-34.el9 coreutils-single
crypto-policies 20221215-1.git9a18988.el9 crypto-policies
curl 7.76.1-23.el9 libcurl curl
cyrus-sasl 2.1.27-21.el9 cyrus-sasl-lib
e2fsprogs 1.46.5-3.el9 libcom_err
expat 2.5.0-1.el9 expat
file 5.39-12.el9 file-libs
filesystem 3.16-2.el9 filesystem
gawk 5.1.0-6.el9 gawk
glib2 2.68.4-6.el9 glib2
glibc 2.34-60.el9 glibc glibc-common glibc-minimal-langpack
gmp 1:6.2.0-10.el9 gmp
gnupg2 2.3.3-2.el9_0 gnupg2
gnutls 3.7.6-20.el9_2 gnutls
grep 3.6-5.el9 grep
keyutils 1.6.3-1.el9 keyutils-libs
krb5 1.20.1-8.el9 krb5-libs
acl 2.3.1-3.el9 libacl
attr 2.5.1-3.el9 libattr
libcap 2.48-8.el9 libcap
libcap-ng 0.8.2-7.el9 libcap-ng
gcc 11.3.1-4.3.el9 libgcc libstdc++
libgcrypt 1.10.0-10.el9_2 libgcrypt
libgpg-error 1.42-5.el9 libgpg-error
libidn2 2.3.0-7.el9 libidn2
nghttp2 1.43.0-5.el9 libnghttp2
libselinux 3.5-1.el9 libselinux
libsepol 3.5-1.el9 libsepol
libtasn1 4.16.0-8.el9_1 libtasn1
libunistring 0.9.10-15.el9 libunistring
libxcrypt 4.4.18-3.el9 libxcrypt
libxml2 2.9.13-3.el9_1 libxml2
libzstd 1.5.1-2.el9 libzstd
lz4 1.9.3-5.el9 lz4-libs
mpfr 4.1.0-7.el9 mpfr
ncurses 6.2-8.20210508.el9 ncurses-base ncurses-libs
nettle 3.8-3.el9_0 nettle
openldap 2.6.2-3.el9 openldap
openssl 1:3.0.7-6.el9_2 openssl-libs
p11-kit 0.24.1-2.el9 p11-kit p11-kit-trust
pcre2 10.40-2.el9 pcre2 pcre2-syntax
readline 8.1-4.el9 readline
rpm 4.16.1.3-22.el9 rpm rpm-libs
sed 4.8-9.el9 sed
setup 2.13.7-9.el9 setup
sqlite 3.34.1-6.el9_1 sqlite-libs
systemd 252-13.el9_2 systemd-libs
tzdata 2023c-1.el9 tzdata
xz 5.2.5-8.el9_0 xz-libs
zlib 1.2.11-39.el9 zlib
[web]
openssl 1:3.0.7-6.el9_2 openssl
[python]
python3.9 3.9.16-1.el9 python3 python3-libs
[nginx]
httpd 2.4.53-11.el9_2.4 httpd httpd-core httpd-tools
apr 1.7.0-11.el9 apr
[git]
openssh 8.7p1-28.el9 openssh openssh-clients
tar 2:1.34-6.el9_1 tar
{1}
almalinux-release 9.3-1.el9
glibc 2.34-83.el9.7
curl 7.76.1-26.el9_3.2
krb5 1.21.1-1.el9
nghttp2 1.43.0-5.el9_3.1
openssl 1:3.0.7-24.el9
gnutls 3.7.6-23.el9
systemd 252-18.el9
sqlite 3.34.1-6.el9_1
ncurses 6.2-10.20210508.el9
openssh 8.7p1-34.el9
python3.9 3.9.18-1.el9_3
{2}
almalinux-release 9.4-1.el9
glibc 2.34-100.el9_4.2
expat 2.5.0-2.el9_4.1
gnutls 3.8.3-4.el9_4
krb5 1.21.1-2.el9_4
libxml2 2.9.13-6.el9_4
openssl 1:3.0.7-27.el9
sqlite 3.34.1-7.el9_3
openssh 8.7p1-38.el9_4.1
systemd 252-32.el9_4
)";

constexpr std::string_view kOpenSuse = R"(
[]
aaa_base 84.87+git20180409.04c9dae-150300.10.3.1 aaa_base
bash 4.4-150400.25.22 bash
ca-certificates 2+git20210309.21162a6-2.1 ca-certificates
coreutils 8.32-150400.9.3.1 coreutils
curl 8.0.1-150400.5.36.1 libcurl4
glibc 2.31-150300.63.1 glibc
openssl-1_1 1.1.1l-150500.17.22.1 libopenssl1_1
libzypp 17.31.22-150400.3.43.1 libzypp
ncurses 6.1-150000.5.20.1 libncurses6 terminfo-base
rpm 4.14.3-150300.55.1 rpm-ndb
systemd 249.16-150400.8.35.5 libsystemd0
xz 5.2.3-150000.4.7.1 liblzma5
zlib 1.2.13-150500.4.3.1 libz1
zypper 1.14.66-150400.3.34.1 zypper
)";

// NAME VERSION..., oldest first.
constexpr std::string_view kNpm = R"(
express 4.17.1 4.18.2 4.19.2
body-parser 1.19.0 1.20.1 1.20.2
qs 6.7.0 6.11.0
lodash 4.17.15 4.17.20 4.17.21
axios 0.21.1 0.27.2 1.6.8
follow-redirects 1.14.0 1.15.2 1.15.6
minimist 1.2.5 1.2.6 1.2.8
minimatch 3.0.4 3.1.2
semver 7.3.5 7.5.4
ws 7.4.2 8.13.0 8.17.1
tough-cookie 4.0.0 4.1.3
json5 2.2.0 2.2.3
jsonwebtoken 8.5.1 9.0.2
node-fetch 2.6.1 2.6.12
cross-spawn 7.0.3 7.0.6
braces 3.0.2 3.0.3
ansi-regex 5.0.0 5.0.1
glob-parent 5.1.1 5.1.2
path-parse 1.0.6 1.0.7
tar 6.1.0 6.1.15 6.2.1
ini 1.3.5 1.3.8
loader-utils 2.0.0 2.0.4
serialize-javascript 2.1.2 6.0.1
accepts 1.3.7 1.3.8
array-flatten 1.1.1
async 3.2.3 3.2.5
bluebird 3.7.2
bytes 3.1.0 3.1.2
call-bind 1.0.2 1.0.7
chalk 4.1.2
color-convert 2.0.1
commander 9.4.1 11.1.0
content-type 1.0.4 1.0.5
cookie 0.4.0 0.5.0 0.6.0
cookie-signature 1.0.6
cors 2.8.5
dayjs 1.10.7 1.11.10
debug 2.6.9 4.3.4
depd 2.0.0
destroy 1.2.0
dotenv 10.0.0 16.3.1
ee-first 1.1.1
encodeurl 1.0.2
escape-html 1.0.3
etag 1.8.1
fast-deep-equal 3.1.3
finalhandler 1.1.2 1.2.0
form-data 4.0.0
forwarded 0.2.0
fresh 0.5.2
function-bind 1.1.1 1.1.2
get-intrinsic 1.1.1 1.2.4
graceful-fs 4.2.10 4.2.11
has-symbols 1.0.3
helmet 5.1.1 7.1.0
http-errors 1.8.1 2.0.0
iconv-lite 0.4.24
inherits 2.0.4
ioredis 4.28.5 5.3.2
ipaddr.js 1.9.1
is-number 7.0.0
jwa 1.4.1
jws 3.2.2
kafkajs 1.16.0 2.2.4
knex 1.0.7 3.1.0
media-typer 0.3.0
merge-descriptors 1.0.1
methods 1.1.2
mime-db 1.52.0
mime-types 2.1.35
moment 2.29.1 2.29.4
ms 2.0.0 2.1.3
negotiator 0.6.3
object-assign 4.1.1
on-finished 2.4.1
parseurl 1.3.3
path-to-regexp 0.1.7 0.1.10
pg 8.7.3 8.11.3
pg-pool 3.5.1 3.6.1
picomatch 2.3.1
pino 7.11.0 8.19.0
prom-client 14.0.1 15.1.0
proxy-addr 2.0.7
range-parser 1.2.1
raw-body 2.4.0 2.5.2
redis 3.1.2 4.6.13
reflect-metadata 0.1.13
rxjs 7.5.5 7.8.1
safe-buffer 5.2.1
safer-buffer 2.1.2
send 0.17.1 0.18.0
serve-static 1.14.1 1.15.0
setprototypeof 1.2.0
side-channel 1.0.4 1.0.6
statuses 2.0.1
supports-color 7.2.0
toidentifier 1.0.1
tslib 2.4.0 2.6.2
type-is 1.6.18
typeorm 0.2.45 0.3.20
undici 5.8.0 5.28.4
unpipe 1.0.0
utils-merge 1.0.1
uuid 8.3.2 9.0.1
vary 1.1.2
winston 3.7.2 3.11.0
yallist 4.0.0
zod 3.19.1 3.22.4
)";

constexpr std::string_view kPypi = R"(
django 3.2.10 3.2.18 4.2.11 4.2.16
flask 2.1.3 2.2.5 3.0.3
jinja2 3.0.3 3.1.2 3.1.4
werkzeug 2.1.2 2.3.7 3.0.4
requests 2.27.1 2.31.0 2.32.3
urllib3 1.26.4 1.26.15 1.26.20
certifi 2021.10.8 2022.12.7 2024.2.2
cryptography 36.0.1 39.0.2 42.0.8
pyyaml 5.3.1 6.0.1
pillow 8.4.0 9.5.0 10.3.0
lxml 4.6.3 4.9.2 5.2.1
aiohttp 3.8.1 3.8.5 3.9.5
paramiko 2.10.3 2.12.0 3.4.0
pyjwt 2.3.0 2.8.0
setuptools 58.1.0 65.5.1 70.3.0
pip 20.3.4 22.3.1 23.3.2
wheel 0.37.1 0.42.0
amqp 5.0.9 5.2.0
asgiref 3.4.1 3.7.2
async-timeout 4.0.2 4.0.3
attrs 21.4.0 23.2.0
billiard 3.6.4.0 4.2.0
boto3 1.20.26 1.34.69
botocore 1.23.26 1.34.69
celery 5.2.3 5.3.6
cffi 1.15.0 1.16.0
charset-normalizer 2.0.12 3.3.2
click 8.0.4 8.1.7
fastapi 0.73.0 0.110.0
frozenlist 1.3.0 1.4.1
gunicorn 20.1.0 21.2.0
h11 0.13.0 0.14.0
idna 3.3 3.6
itsdangerous 2.1.2
kombu 5.2.4 5.3.5
markupsafe 2.1.1 2.1.5
multidict 6.0.2 6.0.5
numpy 1.22.3 1.26.4
pandas 1.4.2 2.2.1
prometheus-client 0.13.1 0.20.0
psycopg2 2.9.3 2.9.9
pycparser 2.21
pydantic 1.9.0 2.6.4
python-dateutil 2.8.2 2.9.0
pytz 2021.3 2024.1
redis 4.1.4 5.0.3
s3transfer 0.5.2 0.10.1
scikit-learn 1.0.2 1.4.1
scipy 1.8.0 1.12.0
six 1.16.0
sqlalchemy 1.4.31 2.0.28
sqlparse 0.4.2 0.4.4
starlette 0.17.1 0.36.3
typing-extensions 4.1.1 4.10.0
uvicorn 0.17.6 0.29.0
vine 5.0.0 5.1.0
yarl 1.7.2 1.9.4
)";

constexpr std::string_view kMaven = R"(
org.apache.logging.log4j:log4j-core 2.14.1 2.17.1 2.20.0
org.apache.logging.log4j:log4j-api 2.14.1 2.17.1 2.20.0
org.springframework:spring-core 5.3.9 5.3.27 6.1.5
org.springframework:spring-beans 5.3.9 5.3.27 6.1.5
org.springframework:spring-expression 5.3.9 5.3.27 6.1.5
org.springframework:spring-web 5.3.9 5.3.27 6.1.5
org.springframework:spring-webmvc 5.3.9 5.3.27 6.1.5
org.springframework:spring-context 5.3.9 5.3.27 6.1.5
org.springframework.boot:spring-boot 2.5.4 2.7.11 3.2.4
org.springframework.boot:spring-boot-autoconfigure 2.5.4 2.7.11 3.2.4
com.fasterxml.jackson.core:jackson-databind 2.12.4 2.13.5 2.15.4
com.fasterxml.jackson.core:jackson-core 2.12.4 2.13.5 2.15.4
com.fasterxml.jackson.core:jackson-annotations 2.12.4 2.13.5 2.15.4
org.yaml:snakeyaml 1.28 1.33 2.2
org.apache.tomcat.embed:tomcat-embed-core 9.0.52 9.0.74 10.1.19
org.apache.tomcat.embed:tomcat-embed-websocket 9.0.52 9.0.74 10.1.19
com.google.guava:guava 30.1-jre 31.1-jre 33.1.0-jre
io.netty:netty-handler 4.1.66.Final 4.1.92.Final 4.1.107.Final
io.netty:netty-codec 4.1.66.Final 4.1.92.Final 4.1.107.Final
io.netty:netty-common 4.1.66.Final 4.1.92.Final 4.1.107.Final
commons-fileupload:commons-fileupload 1.4 1.5
commons-collections:commons-collections 3.2.1 3.2.2
org.apache.commons:commons-text 1.9 1.10.0
org.apache.commons:commons-lang3 3.12.0 3.14.0
commons-io:commons-io 2.11.0 2.15.1
ch.qos.logback:logback-classic 1.2.5 1.2.12 1.4.14
ch.qos.logback:logback-core 1.2.5 1.2.12 1.4.14
org.slf4j:slf4j-api 1.7.32 1.7.36 2.0.12
org.hibernate:hibernate-core 5.4.32.Final 5.6.15.Final
org.postgresql:postgresql 42.2.23 42.6.0 42.7.3
com.zaxxer:HikariCP 4.0.3 5.1.0
io.micrometer:micrometer-core 1.7.3 1.12.4
org.apache.kafka:kafka-clients 2.7.1 3.4.0 3.6.1
org.apache.httpcomponents:httpclient 4.5.13 4.5.14
org.apache.httpcomponents:httpcore 4.4.14 4.4.16
com.google.code.gson:gson 2.8.7 2.10.1
io.jsonwebtoken:jjwt 0.9.1
javax.annotation:javax.annotation-api 1.3.2
joda-time:joda-time 2.10.10 2.12.7
net.bytebuddy:byte-buddy 1.10.22 1.14.12
org.aspectj:aspectjweaver 1.9.7 1.9.21
org.jboss.logging:jboss-logging 3.4.2.Final 3.5.3.Final
redis.clients:jedis 3.6.3 5.1.2
org.projectlombok:lombok 1.18.20 1.18.30
)";

constexpr std::string_view kGo = R"(
stdlib go1.19.4 go1.20.5 go1.21.6 go1.22.5
golang.org/x/net v0.5.0 v0.10.0 v0.17.0 v0.26.0
golang.org/x/crypto v0.1.0 v0.14.0 v0.17.0 v0.24.0
golang.org/x/text v0.3.7 v0.9.0 v0.14.0
golang.org/x/sys v0.4.0 v0.13.0 v0.21.0
golang.org/x/sync v0.1.0 v0.7.0
github.com/prometheus/client_golang v1.11.0 v1.14.0 v1.19.0
github.com/prometheus/common v0.32.1 v0.48.0
github.com/prometheus/procfs v0.7.3 v0.12.0
github.com/gogo/protobuf v1.3.1 v1.3.2
github.com/dgrijalva/jwt-go v3.2.0+incompatible
github.com/golang/protobuf v1.5.2 v1.5.4
google.golang.org/protobuf v1.28.0 v1.33.0
google.golang.org/grpc v1.45.0 v1.62.1
gopkg.in/yaml.v3 v3.0.0-20210107192922-496545a6307b v3.0.1
github.com/spf13/cobra v1.4.0 v1.8.0
github.com/spf13/pflag v1.0.5
github.com/spf13/viper v1.10.1 v1.18.2
github.com/sirupsen/logrus v1.8.1 v1.9.3
github.com/gorilla/mux v1.8.0 v1.8.1
github.com/gorilla/websocket v1.4.2 v1.5.1
github.com/google/uuid v1.3.0 v1.6.0
github.com/jackc/pgx/v5 v5.2.0 v5.5.5
github.com/redis/go-redis/v9 v9.0.2 v9.5.1
github.com/beorn7/perks v1.0.1
github.com/cespare/xxhash/v2 v2.1.2 v2.2.0
github.com/pkg/errors v0.9.1
github.com/hashicorp/golang-lru v0.5.4 v1.0.2
github.com/segmentio/kafka-go v0.4.30 v0.4.47
github.com/fsnotify/fsnotify v1.5.1 v1.7.0
github.com/go-logr/logr v1.2.0 v1.4.1
go.uber.org/zap v1.21.0 v1.27.0
go.uber.org/multierr v1.7.0 v1.11.0
)";
// clang-format on

constexpr std::array<BaseInfo, 6> kBases = {
    {{"debian", "12", "debian:12", "debian", 5},
     {"debian", "11", "debian:11", "debian-lts", 3},
     {"alpine", "3.16", "alpine:v3.16", "alpine-legacy", 1},
     {"alpine", "3.19", "alpine:v3.19", "alpine", 3},
     {"almalinux", "9", "almalinux:9", "almalinux", 3},
     {"opensuse-leap", "15.5", "opensuse-leap:15.5", "leap", 1}}};

std::string_view TableOf(Base base) {
  switch (base) {
    case Base::kDebian12:
      return kDebian12;
    case Base::kDebian11:
      return kDebian11;
    case Base::kAlpine316:
      return kAlpine316;
    case Base::kAlpine319:
      return kAlpine319;
    case Base::kAlmaLinux9:
      return kAlmaLinux9;
    case Base::kOpenSuse:
      return kOpenSuse;
  }
  return {};
}

std::string_view ApplicationTable(Ecosystem ecosystem) {
  switch (ecosystem) {
    case Ecosystem::kNpm:
      return kNpm;
    case Ecosystem::kPypi:
      return kPypi;
    case Ecosystem::kMaven:
      return kMaven;
    default:
      return kGo;
  }
}

struct Packaging {
  Ecosystem type;
  model::Evidence evidence;
  std::string_view path;
  std::string_view vendor;
};

Packaging PackagingOf(Base base) {
  switch (base) {
    case Base::kAlpine316:
    case Base::kAlpine319:
      return {Ecosystem::kApk, model::Evidence::kApkInstalled, "lib/apk/db/installed", ""};
    case Base::kAlmaLinux9:
      return {Ecosystem::kRpm, model::Evidence::kRpmDatabase, "var/lib/rpm/rpmdb.sqlite",
              "AlmaLinux"};
    case Base::kOpenSuse:
      return {Ecosystem::kRpm, model::Evidence::kRpmDatabase, "usr/lib/sysimage/rpm/Packages.db",
              "openSUSE"};
    default:
      return {Ecosystem::kDeb, model::Evidence::kDpkgStatus, "var/lib/dpkg/status", ""};
  }
}

Component SystemPackage(Base base, std::string_view source, std::string_view source_version,
                        std::string_view name, std::string_view version, int32_t layer) {
  const BaseInfo& info = InfoOf(base);
  const Packaging how = PackagingOf(base);
  Component out;
  out.type = how.type;
  out.name = name;
  out.version = version;
  out.source_name = source;
  if (source_version != version) {
    out.source_version = source_version;
  }
  out.architecture = how.type == Ecosystem::kDeb ? "amd64" : "x86_64";
  out.distro = info.name_space;
  out.vendor = how.vendor;
  out.locations = {{std::string(how.path), layer}};
  out.layer = out.last_layer = layer;
  out.evidence = how.evidence;
  out.essential = name == "bash" || name == "coreutils" || name == "dpkg" || name == "libc6" ||
                  name == "musl" || name == "glibc";
  version::PackageUrl purl;
  purl.type = version::PurlType(how.type);
  purl.namespace_ = info.distro_id == "opensuse-leap" ? "opensuse" : info.distro_id;
  purl.name = name;
  purl.version = version;
  purl.SetQualifier("arch", out.architecture);
  purl.SetQualifier("distro",
                    std::string(info.distro_id) + "-" + std::string(info.version_id));
  out.purl = purl.ToString();
  return out;
}

void AddFrom(std::vector<Component>& to, Base base, int edition,
             const std::vector<std::string_view>& groups, int32_t layer) {
  // What later editions say goes before.
  std::map<std::string_view, std::string_view> newer;
  int reached = 0;
  for (const std::string_view line : base::Split(TableOf(base), '\n')) {
    if (line.starts_with("{")) {
      reached = base::ParseNumber<int>(line.substr(1, line.size() - 2)).value_or(0);
    } else if (reached > 0 && reached <= edition && !line.empty()) {
      const size_t blank = line.find(' ');
      newer[line.substr(0, blank)] = line.substr(blank + 1);
    }
  }
  bool wanted = false;
  for (const std::string_view line : base::Split(TableOf(base), '\n')) {
    if (line.starts_with("{")) {
      break;
    }
    if (line.starts_with("[")) {
      const std::string_view group = line.substr(1, line.size() - 2);
      wanted = std::find(groups.begin(), groups.end(), group) != groups.end();
      continue;
    }
    if (!wanted || line.empty()) {
      continue;
    }
    const auto words = base::Split(line, ' ');
    const auto found = newer.find(words[0]);
    const std::string_view version = found == newer.end() ? words[1] : found->second;
    for (size_t i = 2; i < words.size(); ++i) {
      const size_t equals = words[i].find('=');
      const std::string_view name = words[i].substr(0, equals);
      // A binary's own version ("1:2.38.1-5+b1") goes with the source's of the table.
      const std::string_view own = equals == std::string_view::npos || found != newer.end()
                                       ? version
                                       : words[i].substr(equals + 1);
      to.push_back(SystemPackage(base, words[0], version, name, own, layer));
    }
  }
}

Component ApplicationPackage(Ecosystem ecosystem, std::string_view name, std::string_view version,
                             std::string_view application, int32_t layer) {
  Component out;
  out.type = ecosystem;
  out.name = name;
  out.version = version;
  out.layer = out.last_layer = layer;
  version::PackageUrl purl;
  purl.type = version::PurlType(ecosystem);
  purl.name = name;
  purl.version = version;
  std::string path;
  switch (ecosystem) {
    case Ecosystem::kNpm:
      path = "app/node_modules/" + out.name + "/package.json";
      out.evidence = model::Evidence::kNodePackageJson;
      break;
    case Ecosystem::kPypi:
      path = "usr/local/lib/python3.11/site-packages/" + out.name + "-" + out.version +
             ".dist-info/METADATA";
      out.evidence = model::Evidence::kPythonDistInfo;
      break;
    case Ecosystem::kMaven: {
      const size_t colon = name.find(':');
      purl.namespace_ = name.substr(0, colon);
      purl.name = name.substr(colon + 1);
      out.container = "app/" + std::string(application) + ".jar";
      path = out.container + "!/BOOT-INF/lib/" + purl.name + "-" + out.version + ".jar";
      out.evidence = model::Evidence::kJavaPomProperties;
      out.main_module = application;
      break;
    }
    default: {
      const size_t slash = name.rfind('/');
      if (slash != std::string_view::npos) {
        purl.namespace_ = name.substr(0, slash);
        purl.name = name.substr(slash + 1);
      }
      path = out.container = "usr/local/bin/" + std::string(application);
      out.evidence = model::Evidence::kGoBuildInfo;
      out.main_module = "git.demo.example/" + std::string(application);
      break;
    }
  }
  out.locations = {{std::move(path), layer}};
  out.purl = purl.ToString();
  return out;
}

uint64_t HashOf(std::string_view text, uint64_t seed) {
  for (const char c : text) {
    seed = Mix(seed ^ static_cast<unsigned char>(c));
  }
  return seed;
}

}  // namespace

uint64_t Mix(uint64_t value) {  // splitmix64
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

const BaseInfo& InfoOf(Base base) { return kBases[static_cast<size_t>(base)]; }

void AddSystem(std::vector<Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer) {
  std::vector<std::string_view> all = groups;
  all.emplace_back("");
  AddFrom(to, base, edition, all, layer);
}

void AddGroups(std::vector<Component>& to, Base base, int edition,
               const std::vector<std::string_view>& groups, int32_t layer) {
  AddFrom(to, base, edition, groups, layer);
}

void AddApplication(std::vector<Component>& to, Ecosystem ecosystem, uint64_t seed, double share,
                    double age, std::string_view name, int32_t layer) {
  constexpr uint64_t kParts = 1000;
  for (const std::string_view line : base::Split(ApplicationTable(ecosystem), '\n')) {
    if (line.empty()) {
      continue;
    }
    const auto words = base::Split(line, ' ');
    const uint64_t luck = HashOf(words[0], seed);
    const bool always = words[0] == "stdlib";
    if (!always && luck % kParts >= static_cast<uint64_t>(share * kParts)) {
      continue;
    }
    // Each package is kept up by habit: some at once, some late, a tenth of them never.
    const size_t versions = words.size() - 1;
    const double lag = static_cast<double>(luck / kParts % kParts) / kParts;
    const double reached = lag > 0.9 ? 0 : std::clamp(age * 1.5 - lag * 0.6, 0.0, 0.999);
    const size_t at = std::min(versions - 1, static_cast<size_t>(reached * static_cast<double>(versions)));
    to.push_back(ApplicationPackage(ecosystem, words[0], words[at + 1], name, layer));
  }
}

void Finish(std::vector<Component>& components) {
  std::stable_sort(components.begin(), components.end(), [](const Component& a, const Component& b) {
    return std::tie(a.type, a.name, a.version, a.purl) < std::tie(b.type, b.name, b.version, b.purl);
  });
  std::unordered_map<std::string, int> seen;
  for (Component& component : components) {
    const int count = ++seen[component.purl];
    component.ref = count == 1 ? component.purl : component.purl + "#" + std::to_string(count);
  }
}

}  // namespace scantling::program::demo
