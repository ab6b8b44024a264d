// See tables.h. The tables are facts: names and versions as the distributions' archives have them.
#include "program/demo/tables.h"

namespace scantling::program::demo {
namespace {

// clang-format off
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
// clang-format on

}  // namespace

std::string_view SystemTable(Base base) {
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

}  // namespace scantling::program::demo
