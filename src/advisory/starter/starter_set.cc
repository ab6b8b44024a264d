// The starter set: well-known advisories of the last ten years, chosen and summarised by hand;
// versions, vectors and dates are facts that build_test.cc checks against the real feeds. No
// sentence of a feed is in it. No EPSS scores: they would be old at once.
//
//   eol DISTRO VERSION DATE                 the last day of free security updates
//   vuln ID[,ALIAS...] PUBLISHED VECTOR|- SUMMARY
//   kev ADDED DUE [ransomware]              facts about the vulnerability above
//   exploit weaponised|poc SOURCE...
//   epss DATE PROBABILITY PERCENTILE        (of sets that are made when they are read)
//    NAMESPACE PACKAGE RANGE [OPTION=...]   (indented) a statement about it; RANGE: open,
//    unaffected, or [>=A]<B, [>=A]<=B,
//                                           >=A, several with ';'; options level, note, state,
//                                           module, advisory, date
#include "advisory/starter/starter.h"

namespace scantling::advisory::starter {
namespace {

// clang-format off
constexpr std::string_view kText = R"SET(
eol debian 10 2024-06-30
eol debian 11 2026-08-31
eol debian 12 2028-06-30
eol debian 13 2030-06-30
eol alpine 3.10 2021-05-01
eol alpine 3.11 2021-11-01
eol alpine 3.12 2022-05-01
eol alpine 3.13 2022-11-01
eol alpine 3.14 2023-05-01
eol alpine 3.15 2023-11-01
eol alpine 3.16 2024-05-23
eol alpine 3.17 2024-11-22
eol alpine 3.18 2025-05-09
eol alpine 3.19 2025-11-01
eol alpine 3.20 2026-04-01
eol alpine 3.21 2026-11-01
eol alpine 3.22 2027-05-01
eol almalinux 8 2029-05-31
eol almalinux 9 2032-05-31
eol almalinux 10 2035-05-31
eol rocky 8 2029-05-31
eol rocky 9 2032-05-31
eol ubuntu 20.04 2025-05-31
eol ubuntu 22.04 2027-06-01
eol ubuntu 24.04 2029-05-31
eol centos 7 2024-06-30
eol centos 8 2024-05-31
eol rhel 7 2024-06-30
eol rhel 8 2029-05-31
eol rhel 9 2032-05-31

vuln CVE-2024-2961 2024-04-17 CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H iconv writes up to four bytes past its buffer when converting to ISO-2022-CN-EXT
exploit weaponised github-poc metasploit
 debian:11 glibc <2.31-13+deb11u9 advisory=DSA-5673-1 date=2024-04-23
 debian:12 glibc <2.36-9+deb12u6 advisory=DSA-5673-1 date=2024-04-23
 almalinux:8 glibc <2.28-236.el8_9.13 level=high advisory=ALSA-2024:2722 date=2024-05-07
 almalinux:8 glibc <2.28-251.el8_10.1 level=high advisory=ALSA-2024:3269 date=2024-05-22
 almalinux:9 glibc <2.34-100.el9_4.2 level=high advisory=ALSA-2024:3339 date=2024-05-23

vuln CVE-2023-4911 2023-10-03 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H Looney Tunables: the dynamic loader overflows a buffer while reading GLIBC_TUNABLES, local root
kev 2023-11-21 2023-12-12
exploit weaponised github-poc metasploit
 debian:11 glibc <2.31-13+deb11u7 advisory=DSA-5514-1 date=2023-10-03
 debian:12 glibc <2.36-9+deb12u3 advisory=DSA-5514-1 date=2023-10-03
 almalinux:8 glibc <2.28-225.el8_8.6 level=high advisory=ALSA-2023:5455 date=2023-10-05
 almalinux:9 glibc <2.34-60.el9_2.7 level=high advisory=ALSA-2023:5453 date=2023-10-05

vuln CVE-2023-6246 2024-01-31 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H syslog() in glibc overflows a heap buffer on a long program name, local root
exploit poc github-poc
 debian:12 glibc <2.36-9+deb12u4 advisory=DSA-5611-1 date=2024-01-30

vuln CVE-2021-35942 2021-07-22 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H wordexp in glibc reads out of bounds on a crafted pattern
 debian:11 glibc <2.31-13
 debian:12 glibc <2.31-13

vuln CVE-2010-4756 2011-03-02 - glob() in glibc can be made to use all CPU and memory
 debian:11 glibc open level=negligible note=unimportant
 debian:12 glibc open level=negligible note=unimportant

vuln CVE-2019-1010023 2019-07-15 CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H ldd on a crafted file may run its code, upstream says no security boundary
 debian:11 glibc open level=negligible note=unimportant
 debian:12 glibc open level=negligible note=unimportant

vuln CVE-2022-0778,GHSA-x3mh-jvjw-3xwx 2022-03-15 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H A certificate with crafted curve parameters makes OpenSSL loop for ever
exploit poc github-poc
 debian:11 openssl <1.1.1k-1+deb11u2 advisory=DSA-5103-1 date=2022-03-15
 alpine:v3.12 openssl <1.1.1n-r0
 alpine:v3.13 openssl <1.1.1n-r0
 alpine:v3.14 openssl <1.1.1n-r0
 alpine:v3.15 openssl <1.1.1n-r0
 alpine:v3.16 openssl <1.1.1n-r0
 alpine:v3.17 openssl <3.0.2-r0
 alpine:v3.18 openssl <3.0.2-r0
 alpine:v3.19 openssl <3.0.2-r0
 alpine:v3.20 openssl <3.0.2-r0
 alpine:v3.21 openssl <3.0.2-r0
 almalinux:8 openssl-libs <1:1.1.1k-6.el8_5 level=high advisory=ALSA-2022:1065 date=2022-03-28
 almalinux:8 openssl <1:1.1.1k-6.el8_5 level=high advisory=ALSA-2022:1065 date=2022-03-28

vuln CVE-2022-0847 2022-03-10 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H Dirty Pipe: an uninitialised pipe flag lets local users overwrite read-only files
kev 2022-04-25 2022-05-16
exploit weaponised exploit-db github-poc metasploit
 debian:11 linux <5.10.92-2 advisory=DSA-5092-1 date=2022-03-07
 debian:12 linux <5.16.11-1

vuln CVE-2022-3602,GHSA-8rwr-x37p-mx23 2022-11-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H OpenSSL 3 overflows a stack buffer while checking an e-mail address with punycode
exploit poc github-poc
 debian:11 openssl unaffected
 debian:12 openssl <3.0.7-1
 alpine:v3.17 openssl <3.0.7-r0
 alpine:v3.18 openssl <3.0.7-r0
 alpine:v3.19 openssl <3.0.7-r0
 alpine:v3.20 openssl <3.0.7-r0
 alpine:v3.21 openssl <3.0.7-r0
 almalinux:9 openssl-libs <1:3.0.1-43.el9_0 level=high advisory=ALSA-2022:7288 date=2022-11-01

vuln CVE-2022-3786,GHSA-h8jm-2x53-xhp5 2022-11-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H OpenSSL 3 overflows a stack buffer with dots while checking an e-mail address
exploit poc github-poc
 debian:11 openssl unaffected
 debian:12 openssl <3.0.7-1
 alpine:v3.17 openssl <3.0.7-r0
 alpine:v3.18 openssl <3.0.7-r0
 alpine:v3.19 openssl <3.0.7-r0
 alpine:v3.20 openssl <3.0.7-r0
 alpine:v3.21 openssl <3.0.7-r0
 almalinux:9 openssl-libs <1:3.0.1-43.el9_0 level=high advisory=ALSA-2022:7288 date=2022-11-01

vuln CVE-2023-0286,GHSA-x4qr-2fvf-3mr5 2023-02-08 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H OpenSSL compares X.400 addresses as the wrong type: memory read or crash
 debian:11 openssl <1.1.1n-0+deb11u4 advisory=DSA-5343-1 date=2023-02-07
 debian:12 openssl <3.0.8-1
 alpine:v3.14 openssl <1.1.1t-r0
 alpine:v3.15 openssl <1.1.1t-r0
 alpine:v3.16 openssl <1.1.1t-r0
 alpine:v3.17 openssl <3.0.8-r0
 alpine:v3.18 openssl <3.0.8-r0
 alpine:v3.19 openssl <3.0.8-r0
 alpine:v3.20 openssl <3.0.8-r0
 alpine:v3.21 openssl <3.0.8-r0
 almalinux:8 openssl-libs <1:1.1.1k-9.el8_7 level=high advisory=ALSA-2023:1405 date=2023-03-22
 almalinux:9 openssl-libs <1:3.0.1-47.el9_1 level=medium advisory=ALSA-2023:0946 date=2023-02-28
 pypi cryptography >=0.8.1<39.0.1

vuln CVE-2023-5363 2023-10-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N OpenSSL sets key or IV length too late for some ciphers
 debian:12 openssl <3.0.11-1~deb12u2 advisory=DSA-5532-1 date=2023-10-24
 alpine:v3.17 openssl <3.0.12-r0
 alpine:v3.18 openssl <3.1.4-r0
 alpine:v3.19 openssl <3.1.4-r0
 alpine:v3.20 openssl <3.1.4-r0
 alpine:v3.21 openssl <3.1.4-r0

vuln CVE-2024-5535 2024-06-27 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H SSL_select_next_proto reads past an empty protocol list
 debian:11 openssl <1.1.1w-0+deb11u2
 debian:12 openssl <3.0.15-1~deb12u1
 alpine:v3.17 openssl <3.0.14-r0
 alpine:v3.18 openssl <3.1.6-r0
 alpine:v3.19 openssl <3.1.6-r0
 alpine:v3.20 openssl <3.3.1-r1
 alpine:v3.21 openssl <3.3.1-r1

vuln CVE-2021-3711,GHSA-5ww6-px42-wc85 2021-08-24 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H OpenSSL miscalculates the size of an SM2 plaintext and overflows the heap
 debian:11 openssl <1.1.1k-1+deb11u1 advisory=DSA-4963-1 date=2021-08-24
 debian:12 openssl <1.1.1l-1
 alpine:v3.11 openssl <1.1.1l-r0
 alpine:v3.12 openssl <1.1.1l-r0
 alpine:v3.13 openssl <1.1.1l-r0
 alpine:v3.14 openssl <1.1.1l-r0
 alpine:v3.15 openssl <1.1.1l-r0
 alpine:v3.16 openssl <1.1.1l-r0
 alpine:v3.17 openssl <1.1.1l-r0
 alpine:v3.18 openssl <1.1.1l-r0
 alpine:v3.19 openssl <1.1.1l-r0
 alpine:v3.20 openssl <1.1.1l-r0
 alpine:v3.21 openssl <1.1.1l-r0

vuln CVE-2021-3449,GHSA-83mx-573x-5rw9 2021-03-25 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H A TLS 1.2 renegotiation without signature algorithms crashes an OpenSSL server
exploit poc github-poc
 debian:11 openssl <1.1.1k-1
 debian:12 openssl <1.1.1k-1
 alpine:v3.10 openssl <1.1.1k-r0
 alpine:v3.11 openssl <1.1.1k-r0
 alpine:v3.12 openssl <1.1.1k-r0
 alpine:v3.13 openssl <1.1.1k-r0
 alpine:v3.14 openssl <1.1.1k-r0
 alpine:v3.15 openssl <1.1.1k-r0
 alpine:v3.16 openssl <1.1.1k-r0
 alpine:v3.17 openssl <1.1.1k-r0
 alpine:v3.18 openssl <1.1.1k-r0
 alpine:v3.19 openssl <1.1.1k-r0
 alpine:v3.20 openssl <1.1.1k-r0
 alpine:v3.21 openssl <1.1.1k-r0

vuln CVE-2018-25032,GHSA-jc36-42cf-vqwj 2022-03-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H zlib corrupts memory when it compresses data with many distant matches
exploit poc github-poc
 debian:11 zlib <1:1.2.11.dfsg-2+deb11u1 advisory=DSA-5111-1 date=2022-04-01
 debian:12 zlib <1:1.2.11.dfsg-4
 alpine:v3.12 zlib <1.2.12-r0
 alpine:v3.13 zlib <1.2.12-r0
 alpine:v3.14 zlib <1.2.12-r0
 alpine:v3.15 zlib <1.2.12-r0
 alpine:v3.16 zlib <1.2.11-r4
 alpine:v3.17 zlib <1.2.11-r4
 alpine:v3.18 zlib <1.2.11-r4
 alpine:v3.19 zlib <1.2.11-r4
 alpine:v3.20 zlib <1.2.11-r4
 alpine:v3.21 zlib <1.2.11-r4
 almalinux:8 zlib <1.2.11-18.el8_5 level=high advisory=ALSA-2022:1642 date=2022-04-28

vuln CVE-2022-37434 2022-08-05 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H inflate overflows a heap buffer through a large gzip header extra field
exploit poc github-poc
 debian:11 zlib <1:1.2.11.dfsg-2+deb11u2 advisory=DSA-5218-1 date=2022-08-25
 debian:12 zlib <1:1.2.11.dfsg-4.1
 alpine:v3.11 zlib <1.2.11-r4
 alpine:v3.12 zlib <1.2.12-r2
 alpine:v3.13 zlib <1.2.12-r2
 alpine:v3.14 zlib <1.2.12-r2
 alpine:v3.15 zlib <1.2.12-r2
 alpine:v3.16 zlib <1.2.12-r2
 alpine:v3.17 zlib <1.2.12-r2
 alpine:v3.18 zlib <1.2.12-r2
 alpine:v3.19 zlib <1.2.12-r2
 alpine:v3.20 zlib <1.2.12-r2
 alpine:v3.21 zlib <1.2.12-r2
 almalinux:8 zlib <1.2.11-19.el8_6 level=medium advisory=ALSA-2022:7106 date=2022-10-25
 almalinux:9 zlib <1.2.11-32.el9_0 level=medium advisory=ALSA-2022:7314 date=2022-11-02

vuln CVE-2023-45853,GHSA-mq29-j5xf-cjwr 2023-10-14 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H MiniZip in zlib overflows on a long file name; Debian does not build it
 debian:11 zlib open note=ignored state=wont-fix
 debian:12 zlib open note=ignored state=wont-fix
 alpine:v3.15 zlib unaffected
 alpine:v3.16 zlib unaffected
 alpine:v3.17 zlib unaffected
 alpine:v3.18 zlib unaffected
 alpine:v3.19 zlib unaffected
 alpine:v3.20 zlib unaffected
 alpine:v3.21 zlib unaffected

vuln CVE-2022-1271 2022-08-31 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H zgrep and xzgrep overwrite files through crafted names
 debian:11 gzip <1.10-4+deb11u1 advisory=DSA-5122-1 date=2022-04-18
 debian:12 gzip <1.12-1
 debian:11 xz-utils <5.2.5-2.1~deb11u1 advisory=DSA-5123-1 date=2022-04-18
 debian:12 xz-utils <5.2.5-2.1
 alpine:v3.12 gzip <1.12-r0
 alpine:v3.13 gzip <1.12-r0
 alpine:v3.14 gzip <1.12-r0
 alpine:v3.15 gzip <1.12-r0
 alpine:v3.16 gzip <1.12-r0
 alpine:v3.17 gzip <1.12-r0
 alpine:v3.18 gzip <1.12-r0
 alpine:v3.19 gzip <1.12-r0
 alpine:v3.20 gzip <1.12-r0
 alpine:v3.21 gzip <1.12-r0
 alpine:v3.12 xz <5.2.5-r1
 alpine:v3.13 xz <5.2.5-r1
 alpine:v3.14 xz <5.2.5-r1
 alpine:v3.15 xz <5.2.5-r1
 alpine:v3.16 xz <5.2.5-r1
 alpine:v3.17 xz <5.2.5-r1
 alpine:v3.18 xz <5.2.5-r1
 alpine:v3.19 xz <5.2.5-r1
 alpine:v3.20 xz <5.2.5-r1
 alpine:v3.21 xz <5.2.5-r1
 almalinux:8 gzip <1.9-13.el8_5 level=high advisory=ALSA-2022:1537 date=2022-04-26
 almalinux:8 xz <5.2.4-4.el8_6 level=high advisory=ALSA-2022:4991 date=2022-06-13
 almalinux:9 xz <5.2.5-8.el9_0 level=high advisory=ALSA-2022:4940 date=2022-06-08

vuln CVE-2023-31484 2023-04-29 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H CPAN.pm downloads over HTTPS without checking certificates
 debian:11 perl <5.32.1-4+deb11u4 advisory=DLA-3926-1 date=2024-10-21
 debian:12 perl open

vuln CVE-2023-47038 2023-12-18 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H A crafted regular expression makes Perl write past a heap buffer
 debian:11 perl <5.32.1-4+deb11u3
 debian:12 perl <5.36.0-7+deb12u1

vuln CVE-2011-4116 2020-01-31 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N File::Temp of Perl handles symlinks insecurely
 debian:11 perl open level=negligible note=unimportant
 debian:12 perl open level=negligible note=unimportant

vuln CVE-2011-3374 2019-11-26 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N apt-key net-update trusts keys that it should not; never enabled in Debian
 debian:11 apt open level=negligible note=unimportant
 debian:12 apt open level=negligible note=unimportant

vuln CVE-2020-27350 2020-12-10 CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:C/C:L/I:L/A:L apt overflows integers when it reads crafted .deb files
 debian:11 apt <2.1.13
 debian:12 apt <2.1.13

vuln CVE-2023-4863,GHSA-j7hp-h8jx-5ppr 2023-09-12 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H libwebp writes out of bounds while it builds Huffman tables, exploited in the wild
kev 2023-09-13 2023-10-04
exploit poc github-poc
 debian:11 libwebp <0.6.1-2.1+deb11u2 advisory=DSA-5497-2 date=2023-09-13
 debian:12 libwebp <1.2.4-0.2+deb12u1 advisory=DSA-5497-1 date=2023-09-13
 alpine:v3.15 libwebp <1.2.2-r2
 alpine:v3.16 libwebp <1.2.3-r2
 alpine:v3.17 libwebp <1.2.4-r3
 alpine:v3.18 libwebp <1.3.1-r1
 alpine:v3.19 libwebp <1.3.1-r1
 alpine:v3.20 libwebp <1.3.1-r1
 alpine:v3.21 libwebp <1.3.1-r1
 almalinux:8 libwebp <1.0.0-8.el8_8.1 level=high advisory=ALSA-2023:5309 date=2023-09-20
 almalinux:9 libwebp <1.2.0-7.el9_2 level=high advisory=ALSA-2023:5214 date=2023-09-19
 pypi pillow <10.0.1

vuln CVE-2023-38545 2023-10-18 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H curl copies an overlong host name into its heap buffer during the SOCKS5 handshake
exploit poc github-poc
 debian:11 curl <7.74.0-1.3+deb11u10 advisory=DSA-5523-1 date=2023-10-11
 debian:12 curl <7.88.1-10+deb12u4 advisory=DSA-5523-1 date=2023-10-11
 alpine:v3.15 curl <8.4.0-r0
 alpine:v3.16 curl <8.4.0-r0
 alpine:v3.17 curl <8.4.0-r0
 alpine:v3.18 curl <8.4.0-r0
 alpine:v3.19 curl <8.4.0-r0
 alpine:v3.20 curl <8.4.0-r0
 alpine:v3.21 curl <8.4.0-r0

vuln CVE-2023-38546 2023-10-18 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N curl lets a cookie file named none slip in when handles are duplicated
 debian:11 curl <7.74.0-1.3+deb11u10 advisory=DSA-5523-1 date=2023-10-11
 debian:12 curl <7.88.1-10+deb12u4 advisory=DSA-5523-1 date=2023-10-11
 alpine:v3.15 curl <8.4.0-r0
 alpine:v3.16 curl <8.4.0-r0
 alpine:v3.17 curl <8.4.0-r0
 alpine:v3.18 curl <8.4.0-r0
 alpine:v3.19 curl <8.4.0-r0
 alpine:v3.20 curl <8.4.0-r0
 alpine:v3.21 curl <8.4.0-r0
 almalinux:8 libcurl <7.61.1-33.el8_9.5 level=medium advisory=ALSA-2024:1601 date=2024-04-02
 almalinux:9 libcurl <7.76.1-23.el9_2.4 level=high advisory=ALSA-2023:5763 date=2023-10-17
 almalinux:9 libcurl <7.76.1-26.el9_3.2 level=high advisory=ALSA-2023:6745 date=2023-11-07

vuln CVE-2022-32207 2022-07-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H curl may widen the permissions of cookie, alt-svc and HSTS files
 debian:11 curl <7.74.0-1.3+deb11u2 advisory=DSA-5197-1 date=2022-08-01
 debian:12 curl <7.84.0-1
 alpine:v3.13 curl <7.79.1-r2
 alpine:v3.14 curl <7.79.1-r2
 alpine:v3.15 curl <7.80.0-r2
 alpine:v3.16 curl <7.83.1-r2
 alpine:v3.17 curl <7.84.0-r0
 alpine:v3.18 curl <7.84.0-r0
 alpine:v3.19 curl <7.84.0-r0
 alpine:v3.20 curl <7.84.0-r0
 alpine:v3.21 curl <7.84.0-r0

vuln CVE-2023-27533 2023-03-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H curl passes unfiltered user input to telnet negotiation
 debian:11 curl <7.74.0-1.3+deb11u8
 debian:12 curl <7.88.1-7
 alpine:v3.14 curl <8.0.1-r0
 alpine:v3.15 curl <8.0.1-r0
 alpine:v3.16 curl <8.0.1-r0
 alpine:v3.17 curl <7.88.1-r1
 alpine:v3.18 curl <8.0.0-r0
 alpine:v3.19 curl <8.0.0-r0
 alpine:v3.20 curl <8.0.0-r0
 alpine:v3.21 curl <8.0.0-r0

vuln CVE-2024-7264 2024-07-31 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H curl reads past the end of a malformed ASN.1 time
 debian:11 curl <7.74.0-1.3+deb11u13
 debian:12 curl <7.88.1-10+deb12u7
 alpine:v3.18 curl <8.9.1-r0
 alpine:v3.19 curl <8.9.1-r0
 alpine:v3.20 curl <8.9.1-r0
 alpine:v3.21 curl <8.9.1-r0

vuln CVE-2023-0361 2023-02-15 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N A timing side channel in GnuTLS RSA decryption reveals keys
 debian:11 gnutls28 <3.7.1-5+deb11u3 advisory=DSA-5349-1 date=2023-02-14
 debian:12 gnutls28 <3.7.8-5
 alpine:v3.14 gnutls <3.7.1-r2
 alpine:v3.15 gnutls <3.7.1-r2
 alpine:v3.16 gnutls <3.7.7-r1
 alpine:v3.17 gnutls <3.7.8-r3
 alpine:v3.18 gnutls <3.8.0-r0
 alpine:v3.19 gnutls <3.8.0-r0
 alpine:v3.20 gnutls <3.8.0-r0
 alpine:v3.21 gnutls <3.8.0-r0
 almalinux:8 gnutls <3.6.16-6.el8_7 level=medium advisory=ALSA-2023:1569 date=2023-04-04
 almalinux:9 gnutls <3.7.6-18.el9_1 level=medium advisory=ALSA-2023:1141 date=2023-03-07

vuln CVE-2024-0553 2024-01-16 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N GnuTLS still answers bad RSA-PSK ciphertexts at another speed
 debian:11 gnutls28 <3.7.1-5+deb11u5
 debian:12 gnutls28 <3.7.9-2+deb12u2
 alpine:v3.18 gnutls <3.8.3-r0
 alpine:v3.19 gnutls <3.8.3-r0
 alpine:v3.20 gnutls <3.8.3-r0
 alpine:v3.21 gnutls <3.8.3-r0
 almalinux:8 gnutls <3.6.16-8.el8_9.1 level=medium advisory=ALSA-2024:0627 date=2024-01-31
 almalinux:9 gnutls <3.7.6-23.el9_3.3 level=medium advisory=ALSA-2024:0533 date=2024-01-29

vuln CVE-2024-28835 2024-03-21 CVSS:3.1/AV:L/AC:L/PR:L/UI:R/S:U/C:N/I:N/A:H certtool of GnuTLS crashes while verifying a crafted chain
 debian:11 gnutls28 <3.7.1-5+deb11u6 advisory=DLA-3875-1 date=2024-09-05
 debian:12 gnutls28 <3.7.9-2+deb12u3

vuln CVE-2022-42898 2022-12-25 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H Kerberos PAC parsing overflows integers on 32-bit systems
 debian:11 krb5 <1.18.3-6+deb11u3 advisory=DSA-5286-1 date=2022-11-19
 debian:12 krb5 <1.20.1-1
 alpine:v3.15 krb5 <1.19.4-r0
 alpine:v3.16 krb5 <1.19.4-r0
 alpine:v3.17 krb5 <1.20.1-r0
 alpine:v3.18 krb5 <1.20.1-r0
 alpine:v3.19 krb5 <1.20.1-r0
 alpine:v3.20 krb5 <1.20.1-r0
 alpine:v3.21 krb5 <1.20.1-r0

vuln CVE-2024-37371 2024-06-28 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H Crafted message tokens make MIT Kerberos read invalid memory
 debian:11 krb5 <1.18.3-6+deb11u5 advisory=DSA-5726-1 date=2024-07-05
 debian:12 krb5 <1.20.1-2+deb12u2 advisory=DSA-5726-1 date=2024-07-05
 alpine:v3.17 krb5 <1.20.2-r1
 alpine:v3.18 krb5 <1.20.2-r1
 alpine:v3.19 krb5 <1.20.3-r0
 alpine:v3.20 krb5 <1.20.3-r0
 alpine:v3.21 krb5 <1.20.3-r0
 almalinux:8 krb5-libs <1.18.2-29.el8_10 level=medium advisory=ALSA-2024:5312 date=2024-08-13
 almalinux:9 krb5-libs <1.21.1-2.el9_4 level=medium advisory=ALSA-2024:6166 date=2024-09-03

vuln CVE-2024-37370 2024-06-28 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N Plaintext fields of Kerberos wrap tokens can be changed unnoticed
 debian:11 krb5 <1.18.3-6+deb11u5 advisory=DSA-5726-1 date=2024-07-05
 debian:12 krb5 <1.20.1-2+deb12u2 advisory=DSA-5726-1 date=2024-07-05
 alpine:v3.17 krb5 <1.20.2-r1
 alpine:v3.18 krb5 <1.20.2-r1
 alpine:v3.19 krb5 <1.20.3-r0
 alpine:v3.20 krb5 <1.20.3-r0
 alpine:v3.21 krb5 <1.20.3-r0

vuln CVE-2018-5709 2018-01-16 CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N An integer in kadmin's dump reading may overflow
 debian:11 krb5 open level=negligible note=unimportant
 debian:12 krb5 open level=negligible note=unimportant

vuln CVE-2023-7008 2023-12-23 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N systemd-resolved accepts unsigned records of signed zones
 debian:11 systemd <247.3-7+deb11u6 advisory=DLA-3859-1 date=2024-09-02
 debian:12 systemd <252.21-1~deb12u1

vuln CVE-2023-26604 2023-03-03 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H systemd runs a pager that can start a shell as root through sudo
 debian:11 systemd <247.1-2
 debian:12 systemd <247.1-2

vuln CVE-2013-4392 2013-10-28 - systemd follows symbolic links while it changes permissions
 debian:11 systemd open level=negligible note=unimportant
 debian:12 systemd open level=negligible note=unimportant

vuln CVE-2022-3715 2023-01-05 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H bash reads out of bounds in parameter transformation
 debian:11 bash open
 debian:12 bash <5.2-1

vuln CVE-2023-29491 2023-04-14 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H ncurses corrupts memory through malformed terminfo data
 debian:11 ncurses <6.2+20201114-2+deb11u2
 debian:12 ncurses <6.4-3
 almalinux:8 ncurses-libs <6.1-9.20180224.el8_8.1 level=medium advisory=ALSA-2023:5249 date=2023-09-19
 almalinux:9 ncurses-libs <6.2-10.20210508.el9 level=medium advisory=ALSA-2023:6698 date=2023-11-07

vuln CVE-2021-39537 2021-09-20 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H ncurses overflows a heap buffer in its captoinfo conversion
 debian:11 ncurses <6.2+20200912-1 level=negligible note=unimportant
 debian:12 ncurses <6.2+20200912-1 level=negligible note=unimportant

vuln CVE-2023-50495 2023-12-12 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H tic of ncurses crashes on crafted terminfo
 debian:11 ncurses open
 debian:12 ncurses open

vuln CVE-2023-7104 2023-12-29 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L SQLite's session extension reads past a heap buffer
 debian:11 sqlite3 <3.34.1-3+deb11u1 advisory=DLA-3907-1 date=2024-09-30
 debian:12 sqlite3 <3.40.1-2+deb12u1
 almalinux:8 sqlite-libs <3.26.0-19.el8_9 level=medium advisory=ALSA-2024:0253 date=2024-01-15
 almalinux:9 sqlite-libs <3.34.1-7.el9_3 level=medium advisory=ALSA-2024:0465 date=2024-01-25

vuln CVE-2021-45346 2022-02-14 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N SQLite may return deleted data from a crafted database, disputed
 debian:11 sqlite3 open level=negligible note=unimportant
 debian:12 sqlite3 open level=negligible note=unimportant

vuln CVE-2022-35737,GHSA-jw36-hf63-69r9 2022-08-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H SQLite reads out of bounds on gigantic string arguments
exploit poc github-poc
 debian:11 sqlite3 open level=negligible note=unimportant
 debian:12 sqlite3 <3.39.2-1 level=negligible note=unimportant
 alpine:v3.15 sqlite unaffected
 alpine:v3.16 sqlite unaffected
 alpine:v3.17 sqlite unaffected
 alpine:v3.18 sqlite unaffected
 alpine:v3.19 sqlite unaffected
 alpine:v3.20 sqlite unaffected
 alpine:v3.21 sqlite unaffected

vuln CVE-2022-40674 2022-09-14 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H expat uses memory after free in doContent
 debian:11 expat <2.2.10-2+deb11u4 advisory=DSA-5236-1 date=2022-09-22
 debian:12 expat <2.4.8-2
 alpine:v3.13 expat <2.2.10-r7
 alpine:v3.14 expat <2.4.9-r0
 alpine:v3.15 expat <2.4.9-r0
 alpine:v3.16 expat <2.4.9-r0
 alpine:v3.17 expat <2.4.9-r0
 alpine:v3.18 expat <2.4.9-r0
 alpine:v3.19 expat <2.4.9-r0
 alpine:v3.20 expat <2.4.9-r0
 alpine:v3.21 expat <2.4.9-r0
 almalinux:8 expat <2.2.5-8.el8_6.3 level=high advisory=ALSA-2022:6878 date=2022-10-11
 almalinux:9 expat <2.2.10-12.el9_0.3 level=high advisory=ALSA-2022:6838 date=2022-10-06

vuln CVE-2022-25235 2022-02-16 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H expat skips checks of UTF-8 sequences, code execution
exploit poc github-poc
 debian:11 expat <2.2.10-2+deb11u2 advisory=DSA-5085-1 date=2022-02-22
 debian:12 expat <2.4.5-1
 alpine:v3.12 expat <2.2.10-r2
 alpine:v3.13 expat <2.2.10-r4
 alpine:v3.14 expat <2.4.5-r0
 alpine:v3.15 expat <2.4.5-r0
 alpine:v3.16 expat <2.4.5-r0
 alpine:v3.17 expat <2.4.5-r0
 alpine:v3.18 expat <2.4.5-r0
 alpine:v3.19 expat <2.4.5-r0
 alpine:v3.20 expat <2.4.5-r0
 alpine:v3.21 expat <2.4.5-r0
 almalinux:8 expat <2.2.5-8.el8_6.2 level=high advisory=ALSA-2022:0951 date=2022-03-16

vuln CVE-2023-52425 2024-02-04 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H expat parses large tokens in quadratic time
 debian:11 expat <2.2.10-2+deb11u6 advisory=DLA-3893-1 date=2024-09-19
 debian:12 expat open
 alpine:v3.16 expat <2.6.0-r0
 alpine:v3.17 expat <2.6.0-r0
 alpine:v3.18 expat <2.6.0-r0
 alpine:v3.19 expat <2.6.0-r0
 alpine:v3.20 expat <2.6.0-r0
 alpine:v3.21 expat <2.6.0-r0
 almalinux:8 expat <2.2.5-11.el8_9.1 level=medium advisory=ALSA-2024:1615 date=2024-04-02
 almalinux:9 expat <2.5.0-1.el9_3.1 level=medium advisory=ALSA-2024:1530 date=2024-03-26

vuln CVE-2024-45490 2024-08-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H expat accepts a negative length in XML_ParseBuffer
 debian:11 expat <2.2.10-2+deb11u6 advisory=DLA-3893-1 date=2024-09-19
 debian:12 expat <2.5.0-1+deb12u1 advisory=DSA-5770-1 date=2024-09-17
 alpine:v3.17 expat <2.6.3-r0
 alpine:v3.18 expat <2.6.3-r0
 alpine:v3.19 expat <2.6.3-r0
 alpine:v3.20 expat <2.6.3-r0
 alpine:v3.21 expat <2.6.3-r0
 almalinux:8 expat <2.2.5-15.el8_10 level=medium advisory=ALSA-2024:6989 date=2024-09-24
 almalinux:9 expat <2.5.0-2.el9_4.1 level=medium advisory=ALSA-2024:6754 date=2024-09-18

vuln CVE-2024-45492 2024-08-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H expat overflows an integer in nextScaffoldPart on 32-bit systems
 debian:11 expat <2.2.10-2+deb11u6 advisory=DLA-3893-1 date=2024-09-19
 debian:12 expat <2.5.0-1+deb12u1 advisory=DSA-5770-1 date=2024-09-17
 alpine:v3.17 expat <2.6.3-r0
 alpine:v3.18 expat <2.6.3-r0
 alpine:v3.19 expat <2.6.3-r0
 alpine:v3.20 expat <2.6.3-r0
 alpine:v3.21 expat <2.6.3-r0

vuln CVE-2024-6387 2024-07-01 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H regreSSHion: a signal race in sshd gives root to who keeps connecting
exploit poc github-poc
 debian:12 openssh <1:9.2p1-2+deb12u3 advisory=DSA-5724-1 date=2024-07-01
 alpine:v3.17 openssh <9.1_p1-r6
 alpine:v3.18 openssh <9.3_p2-r2
 alpine:v3.19 openssh <9.6_p1-r1
 alpine:v3.20 openssh <9.7_p1-r4
 alpine:v3.21 openssh <9.8_p1-r0
 almalinux:9 openssh-server <8.7p1-38.el9_4.1 level=high advisory=ALSA-2024:4312 date=2024-07-03

vuln CVE-2023-38408 2023-07-20 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H A forwarded ssh-agent loads libraries that run code
exploit poc github-poc
 debian:11 openssh <1:8.4p1-5+deb11u2
 debian:12 openssh <1:9.2p1-2+deb12u1
 alpine:v3.16 openssh <9.0_p1-r4
 alpine:v3.17 openssh <9.1_p1-r4
 alpine:v3.19 openssh unaffected
 alpine:v3.20 openssh unaffected
 alpine:v3.21 openssh unaffected
 almalinux:8 openssh-clients <8.0p1-19.el8_8 level=high advisory=ALSA-2023:4419 date=2023-08-01
 almalinux:9 openssh-clients <8.7p1-30.el9_2 level=high advisory=ALSA-2023:4412 date=2023-08-01

vuln CVE-2023-48795,GHSA-45x7-px36-x8w8,GO-2023-2402 2023-12-18 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N Terrapin: the SSH transport lets messages be cut off at the start of a session
 debian:11 openssh <1:8.4p1-5+deb11u3 advisory=DSA-5586-1 date=2023-12-22
 debian:12 openssh <1:9.2p1-2+deb12u2 advisory=DSA-5586-1 date=2023-12-22
 alpine:v3.16 openssh <9.0_p1-r5
 alpine:v3.17 openssh <9.1_p1-r5
 alpine:v3.18 openssh <9.3_p2-r1
 alpine:v3.19 openssh <9.6_p1-r0
 alpine:v3.20 openssh <9.6_p1-r0
 alpine:v3.21 openssh <9.6_p1-r0
 golang golang.org/x/crypto <0.17.0
 pypi paramiko >=2.5.0<3.4.0

vuln CVE-2021-41617 2021-09-26 CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H sshd starts helper programs with too many groups
 debian:11 openssh <1:8.4p1-5+deb11u3
 debian:12 openssh <1:8.7p1-1

vuln CVE-2007-2243 2007-04-25 - OpenSSH with S/KEY tells which accounts exist
 debian:11 openssh open level=negligible note=unimportant
 debian:12 openssh open level=negligible note=unimportant

vuln CVE-2021-3156 2021-01-26 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H Baron Samedit: sudo overflows a heap buffer through a trailing backslash, local root
kev 2022-04-06 2022-04-27
exploit weaponised exploit-db github-poc metasploit
 debian:11 sudo <1.9.5p1-1.1
 debian:12 sudo <1.9.5p1-1.1
 alpine:v3.10 sudo <1.9.5p2-r0
 alpine:v3.11 sudo <1.8.31-r1
 alpine:v3.12 sudo <1.9.5p2-r0
 alpine:v3.13 sudo <1.9.5p2-r0
 alpine:v3.14 sudo <1.9.5p2-r0
 alpine:v3.15 sudo <1.9.5p2-r0
 alpine:v3.16 sudo <1.9.5p2-r0
 alpine:v3.17 sudo <1.9.5p2-r0
 alpine:v3.18 sudo <1.9.5p2-r0
 alpine:v3.19 sudo <1.9.5_p2-r0
 alpine:v3.20 sudo <1.9.5_p2-r0
 alpine:v3.21 sudo <1.9.5_p2-r0

vuln CVE-2023-22809 2023-01-18 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H sudoedit edits files it was not allowed to through extra editor arguments
exploit weaponised github-poc metasploit
 debian:11 sudo <1.9.5p2-3+deb11u1 advisory=DSA-5321-1 date=2023-01-18
 debian:12 sudo <1.9.12p2-1
 alpine:v3.14 sudo <1.9.12_p2-r0
 alpine:v3.15 sudo <1.9.12_p2-r0
 alpine:v3.17 sudo <1.9.12_p2-r0
 alpine:v3.18 sudo <1.9.12_p2-r0
 alpine:v3.19 sudo <1.9.12_p2-r0
 alpine:v3.20 sudo <1.9.12_p2-r0
 alpine:v3.21 sudo <1.9.12_p2-r0
 almalinux:8 sudo <1.8.29-8.el8_7.1 level=high advisory=ALSA-2023:0284 date=2023-01-23
 almalinux:9 sudo <1.9.5p2-7.el9_1.1 level=high advisory=ALSA-2023:0282 date=2023-01-23

vuln CVE-2016-2781,GHSA-vf3q-65gx-324p 2017-02-07 CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:C/C:N/I:H/A:N chroot with --userspec can push characters into the caller's terminal
 debian:11 coreutils open level=low
 debian:12 coreutils open level=low

vuln CVE-2017-18018 2018-01-04 CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:H/A:N chown and chgrp race on symbolic links with -R
 debian:11 coreutils open level=negligible note=unimportant
 debian:12 coreutils open level=negligible note=unimportant

vuln CVE-2024-3094,GHSA-rxwq-x6h5-x525 2024-03-29 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H A backdoor in the release archives of xz 5.6.0 and 5.6.1
exploit poc github-poc
 debian:11 xz-utils unaffected
 debian:12 xz-utils unaffected
 alpine:v3.20 xz <5.6.1-r2
 alpine:v3.21 xz <5.6.1-r2

vuln CVE-2021-4034 2022-01-28 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H PwnKit: pkexec of polkit mishandles an empty argument list, local root
kev 2022-06-27 2022-07-18
exploit weaponised exploit-db github-poc metasploit
 debian:11 policykit-1 <0.105-31+deb11u1 advisory=DSA-5059-1 date=2022-01-25
 debian:12 policykit-1 <0.105-31.1
 alpine:v3.15 polkit <0.119-r8
 alpine:v3.16 polkit <0.120-r2
 alpine:v3.17 polkit <0.120-r2
 alpine:v3.18 polkit <0.120-r2
 alpine:v3.19 polkit <0.120-r2
 alpine:v3.20 polkit <0.120-r2
 alpine:v3.21 polkit <0.120-r2
 almalinux:8 polkit <0.115-13.el8_5.2 level=high advisory=ALSA-2022:0267 date=2022-01-25

vuln CVE-2022-29155 2022-05-04 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H A SQL injection in OpenLDAP's back-sql
 debian:11 openldap <2.4.57+dfsg-3+deb11u1 advisory=DSA-5140-1 date=2022-05-19
 debian:12 openldap <2.5.12+dfsg-1
 alpine:v3.15 openldap <2.6.2-r0
 alpine:v3.16 openldap <2.6.2-r0
 alpine:v3.17 openldap <2.6.2-r0
 alpine:v3.18 openldap <2.6.2-r0
 alpine:v3.19 openldap <2.6.2-r0
 alpine:v3.20 openldap <2.6.2-r0
 alpine:v3.21 openldap <2.6.2-r0

vuln CVE-2023-2953 2023-05-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H OpenLDAP dereferences a null pointer in ber_memalloc_x
 debian:11 openldap open
 debian:12 openldap open
 almalinux:8 openldap <2.4.46-19.el8_10 level=low advisory=ALSA-2024:4264 date=2024-07-02

vuln CVE-2022-24407 2022-02-24 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H Cyrus SASL does not escape passwords in SQL
 debian:11 cyrus-sasl2 <2.1.27+dfsg-2.1+deb11u1 advisory=DSA-5087-1 date=2022-02-25
 debian:12 cyrus-sasl2 <2.1.28+dfsg-2
 alpine:v3.12 cyrus-sasl <2.1.28-r0
 alpine:v3.13 cyrus-sasl <2.1.28-r0
 alpine:v3.14 cyrus-sasl <2.1.28-r0
 alpine:v3.15 cyrus-sasl <2.1.28-r0
 alpine:v3.16 cyrus-sasl <2.1.28-r0
 alpine:v3.17 cyrus-sasl <2.1.28-r0
 alpine:v3.18 cyrus-sasl <2.1.28-r0
 alpine:v3.19 cyrus-sasl <2.1.28-r0
 alpine:v3.20 cyrus-sasl <2.1.28-r0
 alpine:v3.21 cyrus-sasl <2.1.28-r0
 almalinux:8 cyrus-sasl-lib <2.1.27-6.el8_5 level=high advisory=ALSA-2022:0658 date=2022-02-23

vuln CVE-2022-40303 2022-11-23 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H libxml2 overflows integers with XML_PARSE_HUGE
 debian:11 libxml2 <2.9.10+dfsg-6.7+deb11u3 advisory=DSA-5271-1 date=2022-11-05
 debian:12 libxml2 <2.9.14+dfsg-1.1
 alpine:v3.13 libxml2 <2.9.14-r2
 alpine:v3.14 libxml2 <2.9.14-r2
 alpine:v3.15 libxml2 <2.9.14-r2
 alpine:v3.16 libxml2 <2.9.14-r2
 alpine:v3.17 libxml2 <2.10.3-r0
 alpine:v3.18 libxml2 <2.10.3-r0
 alpine:v3.19 libxml2 <2.10.3-r0
 alpine:v3.20 libxml2 <2.10.3-r0
 alpine:v3.21 libxml2 <2.10.3-r0
 almalinux:8 libxml2 <2.9.7-15.el8_7.1 level=medium advisory=ALSA-2023:0173 date=2023-01-16
 almalinux:9 libxml2 <2.9.13-3.el9_1 level=medium advisory=ALSA-2023:0338 date=2023-01-23

vuln CVE-2022-40304 2022-11-23 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H libxml2 mishandles entity cycles and corrupts a dictionary
 debian:11 libxml2 <2.9.10+dfsg-6.7+deb11u3 advisory=DSA-5271-1 date=2022-11-05
 debian:12 libxml2 <2.9.14+dfsg-1.1
 alpine:v3.13 libxml2 <2.9.14-r2
 alpine:v3.14 libxml2 <2.9.14-r2
 alpine:v3.15 libxml2 <2.9.14-r2
 alpine:v3.16 libxml2 <2.9.14-r2
 alpine:v3.17 libxml2 <2.10.3-r0
 alpine:v3.18 libxml2 <2.10.3-r0
 alpine:v3.19 libxml2 <2.10.3-r0
 alpine:v3.20 libxml2 <2.10.3-r0
 alpine:v3.21 libxml2 <2.10.3-r0
 almalinux:8 libxml2 <2.9.7-15.el8_7.1 level=medium advisory=ALSA-2023:0173 date=2023-01-16
 almalinux:9 libxml2 <2.9.13-3.el9_1 level=medium advisory=ALSA-2023:0338 date=2023-01-23

vuln CVE-2024-25062 2024-02-04 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H libxml2's reader uses freed memory with XInclude and DTD validation
 debian:11 libxml2 open
 debian:12 libxml2 open
 alpine:v3.18 libxml2 <2.11.7-r0
 alpine:v3.19 libxml2 <2.11.7-r0
 alpine:v3.20 libxml2 <2.12.5-r0
 alpine:v3.21 libxml2 <2.12.5-r0
 almalinux:8 libxml2 <2.9.7-18.el8_10.1 level=medium advisory=ALSA-2024:3626 date=2024-06-05
 almalinux:9 libxml2 <2.9.13-6.el9_4 level=medium advisory=ALSA-2024:2679 date=2024-05-02

vuln CVE-2022-1586 2022-05-16 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H PCRE2 reads out of bounds in the JIT for Unicode properties
 debian:11 pcre2 <10.36-2+deb11u1
 debian:12 pcre2 <10.40-1
 alpine:v3.13 pcre2 <10.36-r1
 alpine:v3.14 pcre2 <10.36-r1
 alpine:v3.15 pcre2 <10.40-r0
 alpine:v3.16 pcre2 <10.40-r0
 alpine:v3.17 pcre2 <10.40-r0
 alpine:v3.18 pcre2 <10.40-r0
 alpine:v3.19 pcre2 <10.40-r0
 alpine:v3.20 pcre2 <10.40-r0
 alpine:v3.21 pcre2 <10.40-r0

vuln CVE-2021-33560 2021-06-08 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N libgcrypt's ElGamal encryption leaks through timing
exploit poc github-poc
 debian:11 libgcrypt20 open
 debian:12 libgcrypt20 <1.9.4-2
 alpine:v3.11 libgcrypt <1.8.8-r0
 alpine:v3.12 libgcrypt <1.8.8-r0
 alpine:v3.13 libgcrypt <1.8.8-r0
 alpine:v3.14 libgcrypt <1.9.4-r0
 alpine:v3.15 libgcrypt <1.9.4-r0
 alpine:v3.16 libgcrypt <1.9.4-r0
 alpine:v3.17 libgcrypt <1.9.4-r0
 alpine:v3.18 libgcrypt <1.9.4-r0
 alpine:v3.19 libgcrypt <1.9.4-r0
 alpine:v3.20 libgcrypt <1.9.4-r0
 alpine:v3.21 libgcrypt <1.9.4-r0

vuln CVE-2022-34903 2022-07-01 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N GnuPG lets a crafted notation inject status lines
 debian:11 gnupg2 <2.2.27-2+deb11u2 advisory=DSA-5174-1 date=2022-07-03
 debian:12 gnupg2 <2.2.35-3
 alpine:v3.13 gnupg <2.2.31-r1
 alpine:v3.14 gnupg <2.2.31-r1
 alpine:v3.15 gnupg <2.2.31-r2
 alpine:v3.16 gnupg <2.2.35-r4
 alpine:v3.17 gnupg <2.2.35-r4
 alpine:v3.18 gnupg <2.2.35-r4
 alpine:v3.19 gnupg <2.2.35-r4
 alpine:v3.20 gnupg <2.2.35-r4
 alpine:v3.21 gnupg <2.2.35-r4
 almalinux:8 gnupg2 <2.2.20-3.el8_6 level=medium advisory=ALSA-2022:6463 date=2022-09-13
 almalinux:9 gnupg2 <2.3.3-2.el9_0 level=medium advisory=ALSA-2022:6602 date=2022-09-20

vuln CVE-2022-1304 2022-04-14 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H e2fsprogs writes out of bounds on a crafted file system
 debian:11 e2fsprogs <1.46.2-2+deb11u1 advisory=DLA-3910-1 date=2024-10-04
 debian:12 e2fsprogs <1.46.6~rc1-1
 alpine:v3.14 e2fsprogs <1.46.2-r1
 alpine:v3.15 e2fsprogs <1.46.6-r0
 alpine:v3.16 e2fsprogs <1.46.6-r0
 alpine:v3.17 e2fsprogs <1.46.6-r0
 almalinux:8 libcom_err <1.45.6-5.el8 level=medium advisory=ALSA-2022:7720 date=2022-11-08
 almalinux:9 libcom_err <1.46.5-3.el9 level=medium advisory=ALSA-2022:8361 date=2022-11-15

vuln CVE-2022-1664 2022-05-26 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H dpkg-source unpacks outside of its folder through symbolic links
 debian:11 dpkg <1.20.10 advisory=DSA-5147-1 date=2022-05-25
 debian:12 dpkg <1.21.8

vuln CVE-2023-4641 2023-12-27 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N shadow keeps a password in memory after a failed change
 debian:11 shadow open
 debian:12 shadow open

vuln CVE-2007-5686 2007-10-28 - The login log of shadow is readable by others in some set-ups
 debian:11 shadow open level=negligible note=unimportant
 debian:12 shadow open level=negligible note=unimportant

vuln CVE-2022-48303 2023-01-30 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H GNU tar reads one byte too far in a V7 archive
 debian:11 tar <1.34+dfsg-1+deb11u1
 debian:12 tar <1.34+dfsg-1.2+deb12u1
 almalinux:8 tar <2:1.30-6.el8_7.1 level=medium advisory=ALSA-2023:0842 date=2023-02-21
 almalinux:9 tar <2:1.34-6.el9_1 level=medium advisory=ALSA-2023:0959 date=2023-02-28

vuln CVE-2005-2541 2005-08-10 - tar keeps setuid bits on extraction without a warning, by design
 debian:11 tar open level=negligible note=unimportant
 debian:12 tar open level=negligible note=unimportant

vuln CVE-2024-28085,GHSA-xv2h-c6ww-mrjq 2024-03-27 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:N wall of util-linux lets escape sequences reach other terminals
exploit poc github-poc
 debian:11 util-linux <2.36.1-8+deb11u2 advisory=DSA-5650-1 date=2024-03-31
 debian:12 util-linux <2.38.1-5+deb12u1 advisory=DSA-5650-1 date=2024-03-31

vuln CVE-2022-0563 2022-02-21 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N chfn and chsh of util-linux read a file of the user's choice through readline
 debian:11 util-linux open level=negligible note=unimportant
 debian:12 util-linux open level=negligible note=unimportant

vuln CVE-2023-24329 2023-02-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N urlsplit of Python is fooled by blanks before the scheme
exploit poc github-poc
 debian:12 python3.11 <3.11.2-6+deb12u2
 debian:11 python3.9 <3.9.2-1+deb11u2 advisory=DLA-3980-1 date=2024-12-02

vuln CVE-2022-48565 2023-08-22 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H plistlib of Python resolves XML entities
 debian:11 python3.9 <3.9.1~rc1-1

vuln CVE-2023-27043 2023-04-19 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:N email.parseaddr of Python takes the wrong part of an address
 debian:12 python3.11 <3.11.2-6+deb12u5
 debian:11 python3.9 <3.9.2-1+deb11u2 advisory=DLA-3980-1 date=2024-12-02

vuln CVE-2024-32002 2024-05-14 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H git clone with crafted submodules runs code on systems with case-insensitive links
exploit poc github-poc
 debian:11 git <1:2.30.2-1+deb11u3 advisory=DLA-3867-1 date=2024-09-03
 debian:12 git <1:2.39.5-0+deb12u1 advisory=DSA-5769-1 date=2024-09-13
 alpine:v3.17 git <2.39.5-r0
 alpine:v3.18 git <2.40.3-r0
 alpine:v3.19 git <2.43.4-r0
 alpine:v3.20 git <2.45.1-r0
 alpine:v3.21 git <2.45.1-r0

vuln CVE-2022-24765,GHSA-vw2c-22j4-2fh2 2022-04-12 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H git runs hooks and configuration of a folder that belongs to somebody else
 debian:11 git <1:2.30.2-1+deb11u1 advisory=DSA-5332-1 date=2023-01-29
 debian:12 git <1:2.35.2-1
 alpine:v3.13 git <2.30.3-r0
 alpine:v3.14 git <2.32.1-r0
 alpine:v3.15 git <2.34.2-r0
 alpine:v3.16 git <2.35.2-r0
 alpine:v3.17 git <2.35.2-r0
 alpine:v3.18 git <2.35.2-r0
 alpine:v3.19 git <2.35.2-r0
 alpine:v3.20 git <2.35.2-r0
 alpine:v3.21 git <2.35.2-r0

vuln CVE-2023-44487,GHSA-m425-mq94-257g,GHSA-qppj-fm5r-hxr3,GO-2023-2153 2023-10-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H HTTP/2 Rapid Reset: streams opened and reset at once exhaust servers
kev 2023-10-10 2023-10-31
exploit poc github-poc
 debian:11 nghttp2 <1.43.0-1+deb11u1 advisory=DSA-5570-1 date=2023-12-01
 debian:12 nghttp2 <1.52.0-1+deb12u1 advisory=DSA-5570-1 date=2023-12-01
 alpine:v3.15 nghttp2 <1.46.0-r2
 alpine:v3.16 nghttp2 <1.47.0-r2
 alpine:v3.17 nghttp2 <1.51.0-r2
 alpine:v3.18 nghttp2 <1.57.0-r0
 alpine:v3.19 nghttp2 <1.57.0-r0
 alpine:v3.20 nghttp2 <1.57.0-r0
 alpine:v3.21 nghttp2 <1.57.0-r0
 alpine:v3.15 nginx <1.20.2-r2
 alpine:v3.16 nginx <1.22.1-r1
 alpine:v3.17 nginx <1.22.1-r1
 alpine:v3.18 nginx <1.24.0-r7
 alpine:v3.19 nginx <1.24.0-r12
 alpine:v3.20 nginx <1.24.0-r12
 alpine:v3.21 nginx <1.24.0-r12
 almalinux:8 libnghttp2 <1.33.0-5.el8_8 level=high advisory=ALSA-2023:5837 date=2023-10-18
 almalinux:9 libnghttp2 <1.43.0-5.el9_2.1 level=high advisory=ALSA-2023:5838 date=2023-10-18
 almalinux:9 libnghttp2 <1.43.0-5.el9_3.1 level=high advisory=ALSA-2023:6746 date=2023-11-07
 golang golang.org/x/net <0.17.0
 maven org.apache.tomcat.embed:tomcat-embed-core >=10.0.0<10.1.14
 maven org.apache.tomcat.embed:tomcat-embed-core >=11.0.0-M1<11.0.0-M12
 maven org.apache.tomcat.embed:tomcat-embed-core >=8.5.0<8.5.94
 maven org.apache.tomcat.embed:tomcat-embed-core >=9.0.0<9.0.81

vuln CVE-2021-36159 2021-08-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H apk-tools accepts overlong FTP answers
 alpine:v3.10 apk-tools <2.10.7-r0
 alpine:v3.11 apk-tools <2.10.7-r0
 alpine:v3.12 apk-tools <2.10.7-r0
 alpine:v3.13 apk-tools <2.12.6-r0
 alpine:v3.14 apk-tools <2.12.6-r0
 alpine:v3.15 apk-tools <2.12.6-r0
 alpine:v3.16 apk-tools <2.12.6-r0
 alpine:v3.17 apk-tools <2.12.6-r0
 alpine:v3.18 apk-tools <2.12.6-r0
 alpine:v3.19 apk-tools <2.12.6-r0
 alpine:v3.20 apk-tools <2.12.6-r0
 alpine:v3.21 apk-tools <2.12.6-r0

vuln CVE-2021-28831 2021-03-19 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H BusyBox gunzip follows a freed pointer on a malformed file
 alpine:v3.10 busybox <1.30.1-r5
 alpine:v3.11 busybox <1.31.1-r10
 alpine:v3.12 busybox <1.31.1-r20
 alpine:v3.13 busybox <1.32.1-r4
 alpine:v3.14 busybox <1.33.0-r5
 alpine:v3.15 busybox <1.33.0-r5
 alpine:v3.16 busybox <1.33.0-r5
 alpine:v3.17 busybox <1.33.0-r5
 alpine:v3.18 busybox <1.33.0-r5
 alpine:v3.19 busybox <1.33.0-r5
 alpine:v3.20 busybox <1.33.0-r5
 alpine:v3.21 busybox <1.33.0-r5
 debian:11 busybox <1:1.30.1-6+deb11u1 advisory=DLA-4019-1 date=2025-01-19
 debian:12 busybox <1:1.35.0-1

vuln CVE-2021-42378 2021-11-15 CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H BusyBox awk uses freed memory on a crafted script
 alpine:v3.11 busybox <1.31.1-r11
 alpine:v3.12 busybox <1.31.1-r21
 alpine:v3.13 busybox <1.32.1-r7
 alpine:v3.14 busybox <1.33.1-r6
 alpine:v3.15 busybox <1.34.0-r0
 alpine:v3.16 busybox <1.34.0-r0
 alpine:v3.17 busybox <1.34.0-r0
 alpine:v3.18 busybox <1.34.0-r0
 alpine:v3.19 busybox <1.34.0-r0
 alpine:v3.20 busybox <1.34.0-r0
 alpine:v3.21 busybox <1.34.0-r0

vuln CVE-2022-28391 2022-04-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H BusyBox netstat prints terminal escapes from DNS answers
 alpine:v3.12 busybox <1.31.1-r22
 alpine:v3.13 busybox <1.32.1-r8
 alpine:v3.14 busybox <1.33.1-r7
 alpine:v3.15 busybox <1.34.1-r5
 alpine:v3.16 busybox <1.35.0-r7
 alpine:v3.17 busybox <1.35.0-r7
 alpine:v3.18 busybox <1.35.0-r7
 alpine:v3.19 busybox <1.35.0-r7
 alpine:v3.20 busybox <1.35.0-r7
 alpine:v3.21 busybox <1.35.0-r7

vuln CVE-2022-48174 2023-08-22 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H BusyBox ash overflows its stack in arithmetic expressions
 alpine:v3.18 busybox <1.36.1-r1
 alpine:v3.19 busybox <1.36.1-r2
 alpine:v3.20 busybox <1.36.1-r2
 alpine:v3.21 busybox <1.36.1-r2

vuln CVE-2023-42364 2023-11-27 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H BusyBox awk uses memory after free in evaluate
 alpine:v3.17 busybox <1.35.0-r31
 alpine:v3.18 busybox <1.36.1-r7
 alpine:v3.19 busybox <1.36.1-r19
 alpine:v3.20 busybox <1.36.1-r29
 alpine:v3.21 busybox <1.36.1-r30

vuln CVE-2019-14697 2019-08-06 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H musl's x87 code corrupts the floating-point stack
 alpine:v3.10 musl <1.1.22-r3
 alpine:v3.11 musl <1.1.23-r2
 alpine:v3.12 musl <1.1.23-r2
 alpine:v3.13 musl <1.1.23-r2
 alpine:v3.14 musl <1.1.23-r2
 alpine:v3.15 musl <1.1.23-r2
 alpine:v3.16 musl <1.1.23-r2
 alpine:v3.17 musl <1.1.23-r2
 alpine:v3.18 musl <1.1.23-r2
 alpine:v3.19 musl <1.1.23-r2
 alpine:v3.20 musl <1.1.23-r2
 alpine:v3.21 musl <1.1.23-r2

vuln CVE-2020-28928 2020-11-24 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H wcsnrtombs of musl writes past its buffer
 alpine:v3.10 musl <1.1.22-r4
 alpine:v3.11 musl <1.1.24-r3
 alpine:v3.12 musl <1.1.24-r10
 alpine:v3.13 musl <1.2.2_pre2-r0
 alpine:v3.14 musl <1.2.2_pre2-r0
 alpine:v3.15 musl <1.2.2_pre2-r0
 alpine:v3.16 musl <1.2.2_pre2-r0
 alpine:v3.17 musl <1.2.2_pre2-r0
 alpine:v3.18 musl <1.2.2_pre2-r0
 alpine:v3.19 musl <1.2.2_pre2-r0
 alpine:v3.20 musl <1.2.2_pre2-r0
 alpine:v3.21 musl <1.2.2_pre2-r0
 debian:11 musl <1.2.2-1
 debian:12 musl <1.2.2-1

vuln CVE-2022-0543 2022-02-18 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H Debian's redis lets Lua scripts leave their sandbox
kev 2022-03-28 2022-04-18
exploit weaponised github-poc metasploit
 debian:11 redis <5:6.0.16-1+deb11u2 advisory=DSA-5081-1 date=2022-02-18
 debian:12 redis <5:6.0.16-2

vuln CVE-2021-23017 2021-06-01 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:L nginx's resolver overwrites one byte on a forged DNS answer
exploit poc exploit-db github-poc
 debian:11 nginx <1.18.0-6.1
 debian:12 nginx <1.18.0-6.1
 alpine:v3.10 nginx <1.16.1-r3
 alpine:v3.11 nginx <1.16.1-r7
 alpine:v3.12 nginx <1.18.0-r2
 alpine:v3.13 nginx <1.18.0-r14
 alpine:v3.14 nginx <1.20.1-r0
 alpine:v3.15 nginx <1.20.1-r0
 alpine:v3.16 nginx <1.20.1-r0
 alpine:v3.17 nginx <1.20.1-r0
 alpine:v3.18 nginx <1.20.1-r0
 alpine:v3.19 nginx <1.20.1-r0
 alpine:v3.20 nginx <1.20.1-r0
 alpine:v3.21 nginx <1.20.1-r0

vuln CVE-2021-41773 2021-10-05 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N Apache 2.4.49 serves files outside of its root, and runs them with CGI
kev 2021-11-03 2021-11-17 ransomware
exploit weaponised exploit-db github-poc metasploit
 alpine:v3.11 apache2 <2.4.50-r0
 alpine:v3.12 apache2 <2.4.50-r0
 alpine:v3.13 apache2 <2.4.50-r0
 alpine:v3.14 apache2 <2.4.50-r0
 alpine:v3.15 apache2 <2.4.50-r0
 alpine:v3.16 apache2 <2.4.50-r0
 alpine:v3.17 apache2 <2.4.50-r0
 alpine:v3.18 apache2 <2.4.50-r0
 alpine:v3.19 apache2 <2.4.50-r0
 alpine:v3.20 apache2 <2.4.50-r0
 alpine:v3.21 apache2 <2.4.50-r0
 debian:12 apache2 <2.4.50-1

vuln CVE-2021-42013 2021-10-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Apache 2.4.50 still serves files outside of its root
kev 2021-11-03 2021-11-17 ransomware
exploit weaponised exploit-db github-poc metasploit
 alpine:v3.11 apache2 <2.4.51-r0
 alpine:v3.12 apache2 <2.4.51-r0
 alpine:v3.13 apache2 <2.4.51-r0
 alpine:v3.14 apache2 <2.4.51-r0
 alpine:v3.15 apache2 <2.4.51-r0
 alpine:v3.16 apache2 <2.4.51-r0
 alpine:v3.17 apache2 <2.4.51-r0
 alpine:v3.18 apache2 <2.4.51-r0
 alpine:v3.19 apache2 <2.4.51-r0
 alpine:v3.20 apache2 <2.4.51-r0
 alpine:v3.21 apache2 <2.4.51-r0
 debian:12 apache2 <2.4.51-1

vuln CVE-2023-25690 2023-03-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H mod_proxy of Apache lets rewritten URLs smuggle requests
exploit poc github-poc
 debian:11 apache2 <2.4.56-1~deb11u1 advisory=DSA-5376-1 date=2023-03-20
 debian:12 apache2 <2.4.56-1
 alpine:v3.14 apache2 <2.4.56-r0
 alpine:v3.15 apache2 <2.4.56-r0
 alpine:v3.16 apache2 <2.4.56-r0
 alpine:v3.17 apache2 <2.4.56-r0
 alpine:v3.18 apache2 <2.4.56-r0
 alpine:v3.19 apache2 <2.4.56-r0
 alpine:v3.20 apache2 <2.4.56-r0
 alpine:v3.21 apache2 <2.4.56-r0
 almalinux:8 httpd <2.4.37-51.module_el8.7.0+3515+9e4fe0d6.5 level=high module=httpd:2.4 advisory=ALSA-2023:1673 date=2023-04-06
 almalinux:9 httpd <2.4.53-7.el9_1.5 level=high advisory=ALSA-2023:1670 date=2023-04-06

vuln CVE-2021-44228,GHSA-jfh8-c2jp-5v3q 2021-12-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H Log4Shell: a logged ${jndi:...} text makes Log4j load and run remote code
kev 2021-12-10 2021-12-24 ransomware
exploit weaponised exploit-db github-poc metasploit
 maven org.apache.logging.log4j:log4j-core >=2.0-beta9<2.3.1
 maven org.apache.logging.log4j:log4j-core >=2.13.0<2.15.0
 maven org.apache.logging.log4j:log4j-core >=2.4<2.12.2

vuln CVE-2021-45046,GHSA-7rjr-3q55-vv33 2021-12-14 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H The first fix of Log4Shell was incomplete for some layouts
kev 2023-05-01 2023-05-22 ransomware
exploit poc github-poc metasploit
 maven org.apache.logging.log4j:log4j-core <2.12.2
 maven org.apache.logging.log4j:log4j-core >=2.13.0<2.16.0

vuln CVE-2021-45105,GHSA-p6xc-xr62-6r2g 2021-12-18 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H Log4j recurses without end on self-referential lookups
exploit poc github-poc
 maven org.apache.logging.log4j:log4j-core <2.3.1
 maven org.apache.logging.log4j:log4j-core >=2.13.0<2.17.0
 maven org.apache.logging.log4j:log4j-core >=2.4.0<2.12.3

vuln CVE-2021-44832,GHSA-8489-44mv-ggj8 2021-12-28 CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:U/C:H/I:H/A:H Who may change Log4j's configuration can make it run code through a JDBC appender
exploit poc github-poc
 maven org.apache.logging.log4j:log4j-core >=2.0-beta7<2.3.2
 maven org.apache.logging.log4j:log4j-core >=2.13.0<2.17.1
 maven org.apache.logging.log4j:log4j-core >=2.4<2.12.4

vuln CVE-2022-22965,GHSA-36p3-wjmg-h94x 2022-03-31 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Spring4Shell: data binding reaches the class loader, remote code execution
kev 2022-04-04 2022-04-25
exploit weaponised github-poc metasploit
 maven org.springframework:spring-beans <5.2.20.RELEASE
 maven org.springframework:spring-beans >=5.3.0<5.3.18

vuln CVE-2022-22950,GHSA-558x-2xjg-6232 2022-04-01 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H A crafted SpEL expression makes Spring use all memory
 maven org.springframework:spring-expression <5.2.20.RELEASE
 maven org.springframework:spring-expression >=5.3.0<5.3.17

vuln CVE-2016-1000027,GHSA-4wrc-f8pq-fpqp 2020-01-02 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Spring's HTTP invoker deserialises what clients send
exploit poc github-poc
 maven org.springframework:spring-web <6.0.0

vuln CVE-2022-22963,GHSA-6v73-fgf6-w5j7 2022-04-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Spring Cloud Function evaluates a routing header as SpEL
kev 2022-08-25 2022-09-15
exploit weaponised github-poc metasploit
 maven org.springframework.cloud:spring-cloud-function-context <3.1.7
 maven org.springframework.cloud:spring-cloud-function-context >=3.2.0<3.2.3

vuln CVE-2022-42889,GHSA-599f-7c49-w659 2022-10-13 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Text4Shell: string interpolation in Commons Text runs scripts and looks up hosts
exploit weaponised github-poc metasploit
 maven org.apache.commons:commons-text >=1.5<1.10.0

vuln CVE-2022-1471,GHSA-mjmj-j48q-9wg2 2022-12-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H SnakeYAML's Constructor builds any type that a document names
exploit weaponised github-poc metasploit
 maven org.yaml:snakeyaml <2.0

vuln CVE-2022-25857,GHSA-3mc7-4q67-w48m 2022-08-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H SnakeYAML nests collections without a limit
 maven org.yaml:snakeyaml <1.31

vuln CVE-2019-12384,GHSA-mph4-vhrx-mv67 2019-06-24 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N Jackson's default typing lets logback classes through
exploit poc github-poc
 maven com.fasterxml.jackson.core:jackson-databind >=2.0.0<2.6.7.3
 maven com.fasterxml.jackson.core:jackson-databind >=2.7.0<2.7.9.6
 maven com.fasterxml.jackson.core:jackson-databind >=2.8.0<2.8.11.4
 maven com.fasterxml.jackson.core:jackson-databind >=2.9.0<2.9.9.1

vuln CVE-2017-7525,GHSA-qxxx-2pp7-5hmx 2018-02-06 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Jackson with default typing deserialises dangerous classes
exploit poc github-poc
 maven com.fasterxml.jackson.core:jackson-databind <2.6.7.1
 maven com.fasterxml.jackson.core:jackson-databind >=2.7.0<2.7.9.1
 maven com.fasterxml.jackson.core:jackson-databind >=2.8.0<2.8.9

vuln CVE-2020-36518,GHSA-57j2-w4cx-62h2 2022-03-11 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Deeply nested JSON overflows the stack of jackson-databind
exploit poc github-poc
 maven com.fasterxml.jackson.core:jackson-databind <2.12.6.1
 maven com.fasterxml.jackson.core:jackson-databind >=2.13.0<2.13.2.1

vuln CVE-2022-42003,GHSA-jjjh-jjxp-wpff 2022-10-02 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Jackson unwraps nested single-value arrays without a limit
 maven com.fasterxml.jackson.core:jackson-databind >=2.13.0<2.13.4.2
 maven com.fasterxml.jackson.core:jackson-databind >=2.4.0-rc1<2.12.7.1

vuln CVE-2017-5638,GHSA-j77q-2qqg-6989 2018-10-18 CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H Struts evaluates the Content-Type header of a bad upload as OGNL
kev 2021-11-03 2022-05-03 ransomware
exploit weaponised exploit-db github-poc metasploit
 maven org.apache.struts:struts2-core >=2.3.0<2.3.32
 maven org.apache.struts:struts2-core >=2.5.0<2.5.10.1

vuln CVE-2018-11776,GHSA-cr6j-3jp9-rw65 2018-10-18 CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H Struts evaluates a namespace from the URL as OGNL
kev 2021-11-03 2022-05-03
exploit weaponised exploit-db github-poc metasploit
 maven org.apache.struts:struts2-core >=2.0.4<2.3.35
 maven org.apache.struts:struts2-core >=2.5<2.5.17

vuln CVE-2023-50164,GHSA-2j39-qcjm-428w 2023-12-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Struts lets upload parameters choose the path of the file
exploit poc github-poc
 maven org.apache.struts:struts2-core >=2.0.0<2.5.33
 maven org.apache.struts:struts2-core >=6.0.0<6.3.0.2

vuln CVE-2015-7501,GHSA-fjq5-5j5f-mvxh 2017-11-09 CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Commons Collections holds classes that turn deserialisation into code execution
exploit poc github-poc
 maven commons-collections:commons-collections <3.2.2

vuln CVE-2022-25845,GHSA-pv7h-hx5h-mgfj 2022-06-11 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H fastjson's autotype check can be walked around
exploit poc github-poc
 maven com.alibaba:fastjson >=1.2.25<1.2.83

vuln CVE-2020-1938,GHSA-c9hw-wf7x-jp9j 2020-02-24 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Ghostcat: Tomcat's AJP connector reads and includes files for anybody
kev 2022-03-03 2022-03-17
exploit poc github-poc metasploit
 maven org.apache.tomcat.embed:tomcat-embed-core >=7.0.0<7.0.100
 maven org.apache.tomcat.embed:tomcat-embed-core >=8.0.0<8.5.51
 maven org.apache.tomcat.embed:tomcat-embed-core >=9.0.0<9.0.31

vuln CVE-2021-37136,GHSA-grg4-wf29-r9vv 2021-09-09 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Netty's Bzip2 decoder has no limit for its output
 maven io.netty:netty-codec <4.1.68.Final

vuln CVE-2023-34462,GHSA-6mjq-h674-j845 2023-06-20 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H Netty's SniHandler allocates 16 MB for each handshake
 maven io.netty:netty-handler <4.1.94.Final

vuln CVE-2016-1000031,GHSA-7x9j-7223-rg5m 2016-10-25 CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Commons FileUpload holds a class that writes files when deserialised
 maven commons-fileupload:commons-fileupload <1.3.3

vuln CVE-2023-24998,GHSA-hfrx-6qgj-fp6c 2023-02-20 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Commons FileUpload takes any number of parts
exploit poc github-poc
 maven commons-fileupload:commons-fileupload <1.5
 maven org.apache.tomcat.embed:tomcat-embed-core >=10.1.0-M1<10.1.5
 maven org.apache.tomcat.embed:tomcat-embed-core >=11.0.0-M2<11.0.0-M5
 maven org.apache.tomcat.embed:tomcat-embed-core >=8.5.85<8.5.88
 maven org.apache.tomcat.embed:tomcat-embed-core >=9.0.0-M1<9.0.71

vuln CVE-2023-46604,GHSA-crg9-44h2-xw35 2023-10-27 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ActiveMQ's OpenWire builds any class that a client names
kev 2023-11-02 2023-11-23 ransomware
exploit weaponised github-poc metasploit
 maven org.apache.activemq:activemq-client <5.15.16
 maven org.apache.activemq:activemq-client >=5.16.0<5.16.7
 maven org.apache.activemq:activemq-client >=5.17.0<5.17.6
 maven org.apache.activemq:activemq-client >=5.18.0<5.18.3

vuln CVE-2016-4437,GHSA-p836-389h-j692 2016-06-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Shiro's remember-me cookie is encrypted with a known key
kev 2021-11-03 2022-05-03
exploit weaponised github-poc metasploit
 maven org.apache.shiro:shiro-core <1.2.5

vuln CVE-2020-8908,GHSA-5mg8-w23w-74h3 2020-12-10 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N Guava makes temporary folders that others may read
 maven com.google.guava:guava <32.0.0-android

vuln CVE-2023-2976,GHSA-7g45-4rm6-3mm3 2023-06-14 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N Guava's FileBackedOutputStream uses files that others may read
 maven com.google.guava:guava >=1.0<32.0.0-android

vuln CVE-2021-23337,GHSA-35jh-r3h4-6jhm 2021-02-15 CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H Lodash's template option lets code in
 npm lodash <4.17.21

vuln CVE-2020-8203,GHSA-p6mc-m468-83gw 2020-07-15 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:H Lodash's zipObjectDeep changes Object.prototype
 npm lodash >=3.7.0<4.17.19

vuln CVE-2019-10744,GHSA-jf85-cpcp-j695 2019-07-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H Lodash's defaultsDeep changes Object.prototype
 npm lodash <4.17.12

vuln CVE-2021-44906,GHSA-xvch-5gv4-984h 2022-03-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H minimist sets properties on Object.prototype
exploit poc github-poc
 npm minimist <0.2.4
 npm minimist >=1.0.0<1.2.6

vuln CVE-2020-7598,GHSA-vh95-rmgr-6w4m 2020-03-11 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L minimist can be made to change Object.prototype
 npm minimist <0.2.1
 npm minimist >=1.0.0<1.2.3

vuln CVE-2022-24999,GHSA-hrpp-h998-j3pp 2022-11-26 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H qs hangs a process through __proto__ keys
exploit poc github-poc
 npm qs <6.2.4
 npm qs >=6.10.0<6.10.3
 npm qs >=6.3.0<6.3.3
 npm qs >=6.4.0<6.4.1
 npm qs >=6.5.0<6.5.3
 npm qs >=6.6.0<6.6.1
 npm qs >=6.7.0<6.7.3
 npm qs >=6.8.0<6.8.3
 npm qs >=6.9.0<6.9.7

vuln CVE-2024-29041,GHSA-rv95-896h-c2vc 2024-03-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N Express redirects to hosts it was told not to through malformed URLs
 npm express <4.19.2
 npm express >=5.0.0-alpha.1<5.0.0-beta.3

vuln CVE-2021-3807,GHSA-93q8-gq69-wqmw 2021-09-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H ansi-regex matches crafted escape codes in exponential time
 npm ansi-regex >=3.0.0<3.0.1
 npm ansi-regex >=4.0.0<4.1.1
 npm ansi-regex >=5.0.0<5.0.1
 npm ansi-regex >=6.0.0<6.0.1

vuln CVE-2023-45857,GHSA-wf5p-g6vw-rhxx 2023-11-08 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:N/A:N axios sends its XSRF token to any host
exploit poc github-poc
 npm axios >=0.8.1<0.28.0
 npm axios >=1.0.0<1.6.0

vuln CVE-2021-3749,GHSA-cph5-m8f7-6c5x 2021-08-31 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H axios trims crafted text in quadratic time
exploit poc github-poc
 npm axios <0.21.2

vuln CVE-2022-0155,GHSA-74fj-2j2h-c42q 2022-01-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:N/A:N follow-redirects sends cookies to another host
exploit poc github-poc
 npm follow-redirects <1.14.7

vuln CVE-2024-28849,GHSA-cxjh-pqwp-8mfp 2024-03-14 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N follow-redirects keeps the proxy-authorization header across hosts
 npm follow-redirects <1.15.6

vuln CVE-2021-37713,GHSA-5955-9wpr-37jh 2021-08-31 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H node-tar writes outside of its folder on Windows
 npm tar <4.4.18
 npm tar >=5.0.0<5.0.10
 npm tar >=6.0.0<6.1.9

vuln CVE-2021-32804,GHSA-3jfq-g458-7qm9 2021-08-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:H node-tar strips only one absolute root of a path
exploit poc github-poc
 npm tar <3.2.2
 npm tar >=4.0.0<4.4.14
 npm tar >=5.0.0<5.0.6
 npm tar >=6.0.0<6.1.1

vuln CVE-2024-37890,GHSA-3h5v-q93c-6h6q 2024-06-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H ws crashes on a request with too many headers
 npm ws >=2.1.0<5.2.4
 npm ws >=6.0.0<6.2.3
 npm ws >=7.0.0<7.5.10
 npm ws >=8.0.0<8.17.1

vuln CVE-2021-32640,GHSA-6fc8-4gx4-v693 2021-05-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L ws parses a protocol header in quadratic time
 npm ws >=5.0.0<5.2.3
 npm ws >=6.0.0<6.2.2
 npm ws >=7.0.0<7.4.6

vuln CVE-2022-0235,GHSA-r683-j2x4-v87g 2022-01-16 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N node-fetch forwards secure headers to untrusted hosts
 npm node-fetch <2.6.7
 npm node-fetch >=3.0.0<3.1.1

vuln CVE-2022-46175,GHSA-9c47-m6qq-7p4h 2022-12-24 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H JSON5 lets __proto__ keys set an object's prototype
exploit poc github-poc
 npm json5 <1.0.2
 npm json5 >=2.0.0<2.2.2

vuln CVE-2022-25883,GHSA-c2qf-rxjj-qqgw 2023-06-21 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H semver parses crafted ranges in quadratic time
 npm semver <5.7.2
 npm semver >=6.0.0<6.3.1
 npm semver >=7.0.0<7.5.2

vuln CVE-2024-21538,GHSA-3xgq-45jj-v275 2024-11-08 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H cross-spawn matches crafted text in exponential time
 npm cross-spawn <6.0.6
 npm cross-spawn >=7.0.0<7.0.5

vuln CVE-2024-4068,GHSA-grv7-fg5c-xmjg 2024-05-14 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H braces uses all memory on unbalanced braces
 npm braces <3.0.3

vuln CVE-2022-3517,GHSA-f8q6-p94x-37v3 2022-10-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H minimatch expands crafted braces in exponential time
 npm minimatch <3.0.5

vuln CVE-2020-28469,GHSA-ww39-953v-wcq6 2021-06-03 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H glob-parent matches crafted text in quadratic time
 npm glob-parent >=4.0.0<5.1.2

vuln CVE-2022-23540,GHSA-qwph-4952-7xr6 2022-12-22 CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:L/I:H/A:L jsonwebtoken takes unsigned tokens when no algorithm is named
 npm jsonwebtoken <9.0.0

vuln CVE-2020-7660,GHSA-hxcc-f52p-wc94 2020-08-11 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H serialize-javascript lets code in through a crafted object
 npm serialize-javascript <3.1.0

vuln CVE-2022-37601,GHSA-76p3-8jx3-jpfq 2022-10-12 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H loader-utils lets a query string change Object.prototype
 npm loader-utils <1.4.1
 npm loader-utils >=2.0.0<2.0.3

vuln CVE-2023-26136,GHSA-72xf-g2v4-qvf3 2023-07-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H tough-cookie changes Object.prototype in a loose mode
exploit poc github-poc
 npm tough-cookie <4.1.3

vuln CVE-2020-7788,GHSA-qqgx-2p2h-9c37 2020-12-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ini changes Object.prototype when it parses a crafted file
 npm ini <1.3.6

vuln CVE-2021-23343,GHSA-hj48-42vr-x3v9 2021-08-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L path-parse matches crafted paths in polynomial time
 npm path-parse <1.0.7

vuln CVE-2022-28346,GHSA-2gwj-7jmv-h26r 2022-04-12 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Django's annotate and aggregate take crafted column aliases: SQL injection
exploit poc github-poc
 pypi django >=2.2<2.2.28
 pypi django >=3.2<3.2.13
 pypi django >=4.0<4.0.4

vuln CVE-2022-34265,GHSA-p64x-8rxx-wf6q 2022-07-04 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H Django's Trunc and Extract take untrusted kinds: SQL injection
exploit poc github-poc
 pypi django >=3.2a1<3.2.14
 pypi django >=4.0a1<4.0.6

vuln CVE-2024-42005,GHSA-pv4p-cwwg-4rph 2024-08-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L Django's values on JSON fields take crafted aliases: SQL injection
 pypi django >=4.2<4.2.15
 pypi django >=5.0<5.0.8

vuln CVE-2023-32681,GHSA-j8r2-6x86-q33q 2023-05-22 CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N requests sends proxy credentials to the destination after a redirect
exploit poc github-poc
 pypi requests >=2.3.0<2.31.0

vuln CVE-2018-18074,GHSA-x84v-xcm2-53pg 2018-10-09 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N requests sends credentials over HTTP after a redirect
 pypi requests <2.20.0

vuln CVE-2024-35195,GHSA-9wx4-h78v-vm56 2024-05-20 CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:H/I:H/A:N requests keeps skipping certificate checks for a pooled connection
 pypi requests <2.32.0

vuln CVE-2020-14343,GHSA-8q59-q68h-6hv4 2021-02-09 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H PyYAML's full_load builds Python objects from documents
exploit poc github-poc
 pypi pyyaml <5.4

vuln CVE-2017-18342,GHSA-rprw-h62v-c2w7 2018-06-27 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H PyYAML's load runs code from documents
 pypi pyyaml <4.1

vuln CVE-2023-43804,GHSA-v845-jxx5-vc9f 2023-10-02 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N urllib3 keeps the Cookie header across hosts
 pypi urllib3 <1.26.17
 pypi urllib3 >=2.0.0<2.0.6

vuln CVE-2023-45803,GHSA-g4mx-q9vg-27p4 2023-10-17 CVSS:3.1/AV:A/AC:H/PR:H/UI:N/S:U/C:H/I:N/A:N urllib3 keeps a request's body after a redirect to GET
 pypi urllib3 <1.26.18
 pypi urllib3 >=2.0.0<2.0.7

vuln CVE-2021-33503,GHSA-q2q7-5pp4-w6pg 2021-06-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H urllib3 parses crafted authorities in polynomial time
 pypi urllib3 >=1.25.4<1.26.5

vuln CVE-2019-10906,GHSA-462w-v97r-4m45 2019-04-07 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N Jinja2's sandbox can be left through str.format_map
 pypi jinja2 <2.10.1

vuln CVE-2024-22195,GHSA-h5c8-rqwp-cp95 2024-01-11 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N Jinja2's xmlattr filter lets attributes in: cross-site scripting
 pypi jinja2 <3.1.3

vuln CVE-2023-25577,GHSA-xg9f-g7g7-2323 2023-02-14 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Werkzeug takes any number of multipart parts
 pypi werkzeug <2.2.3

vuln CVE-2023-46136,GHSA-hrfv-mqp8-q5rw 2023-10-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Werkzeug parses crafted multipart data slowly
 pypi werkzeug <2.3.8
 pypi werkzeug >=3.0.0<3.0.1

vuln CVE-2024-34069,GHSA-2g68-c3qc-8985 2024-05-06 CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H Werkzeug's debugger can be driven from another site
 pypi werkzeug <3.0.3

vuln CVE-2022-22817,GHSA-8vj2-vxx3-667w 2022-01-10 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ImageMath.eval of Pillow evaluates any expression
 pypi pillow <9.0.1

vuln CVE-2023-50447,GHSA-3f63-hfp8-52jq 2024-01-19 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H ImageMath.eval of Pillow runs code through its environment
 pypi pillow <10.2.0

vuln CVE-2023-49083,GHSA-jfhm-5ghh-2f97 2023-11-28 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H cryptography crashes on crafted PKCS#7 data
 pypi cryptography >=3.1<41.0.6

vuln CVE-2022-40897,GHSA-r9hx-vwmv-q579 2022-12-23 CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H setuptools parses crafted package pages in quadratic time
 pypi setuptools <65.5.1

vuln CVE-2024-6345,GHSA-cx63-2mw6-8hw5 2024-07-15 CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H setuptools runs commands from crafted package URLs
 pypi setuptools <70.0.0

vuln CVE-2022-40898,GHSA-qwmp-2cf2-g9g6 2022-12-23 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H wheel parses crafted file names in quadratic time
 pypi wheel <0.38.1

vuln CVE-2021-3572,GHSA-5xp3-jfq3-5q8x 2021-11-10 CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:N/I:H/A:N pip takes Unicode separators in git references
exploit poc github-poc
 pypi pip <21.1

vuln CVE-2023-5752,GHSA-mq26-g339-26xf 2023-10-25 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:N pip lets a Mercurial revision inject configuration
 pypi pip <23.3

vuln CVE-2023-30861,GHSA-m2qf-hxjv-5gpq 2023-05-01 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N Flask may share a session cookie through a caching proxy
 pypi flask <2.2.5
 pypi flask >=2.3.0<2.3.2

vuln CVE-2022-29217,GHSA-ffqj-6fqr-9h24 2022-05-24 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N PyJWT lets a token choose among algorithms of another key kind
 pypi pyjwt >=1.5.0<2.4.0

vuln CVE-2023-37920,GHSA-xqr8-7jwr-rhp7 2023-07-25 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H certifi still trusts the e-Tugra root
 pypi certifi >=2015.4.28<2023.7.22

vuln CVE-2024-23334,GHSA-5h86-8mv2-jq9f 2024-01-29 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N aiohttp serves files outside of a static root that follows links
exploit poc github-poc
 pypi aiohttp >=1.0.5<3.9.2

vuln CVE-2021-43818,GHSA-55x5-fj6c-h6m8 2021-12-13 CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:L lxml's HTML cleaner lets script content through
 pypi lxml <4.6.5

vuln CVE-2018-7750,GHSA-232r-66cg-79px 2018-03-13 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H paramiko's server handles requests before authentication
exploit poc exploit-db github-poc
 pypi paramiko <1.17.6
 pypi paramiko >=1.18.0<1.18.5
 pypi paramiko >=2.0.0<2.0.8
 pypi paramiko >=2.1.0<2.1.5
 pypi paramiko >=2.2.0<2.2.3
 pypi paramiko >=2.3.0<2.3.2
 pypi paramiko >=2.4.0<2.4.1

vuln CVE-2022-27191,GHSA-8c26-wmh5-6g9v,GO-2021-0356 2022-03-18 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H golang.org/x/crypto/ssh crashes a server with a certain key
 golang golang.org/x/crypto <0.0.0-20220314234659-1baeb1ce4c0b

vuln CVE-2024-45337,GHSA-v778-237x-gjrc,GO-2024-3321 2024-12-11 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N Misuse of PublicKeyCallback in golang.org/x/crypto/ssh lets users in
 golang golang.org/x/crypto <0.31.0

vuln CVE-2022-32149,GHSA-69ch-w2m2-3vjp,GO-2022-1059 2022-10-14 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H golang.org/x/text parses Accept-Language headers in quadratic time
 golang golang.org/x/text <0.3.8

vuln CVE-2021-38561,GHSA-ppp9-7jff-5vj2,GO-2021-0113 2021-10-06 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H golang.org/x/text/language panics on a crafted tag
 golang golang.org/x/text <0.3.7

vuln CVE-2022-41723,GHSA-vvpx-j8f3-3w6h,GO-2023-1571 2023-02-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H HPACK decoding of Go uses a lot of CPU on crafted streams
 golang golang.org/x/net <0.7.0
 golang stdlib <1.19.6;>=1.20.0-0<1.20.1

vuln CVE-2023-39325,GHSA-4374-p667-p6c8,GO-2023-2102 2023-10-11 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Go's HTTP/2 server does too much work for rapidly reset requests
 golang golang.org/x/net <0.17.0
 golang stdlib <1.20.10;>=1.21.0-0<1.21.3

vuln CVE-2023-45288,GHSA-4v7x-pqxf-cx7m,GO-2024-2687 2024-04-04 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L Go's HTTP/2 reads any number of CONTINUATION frames
exploit poc github-poc
 golang golang.org/x/net <0.23.0
 golang stdlib <1.21.9;>=1.22.0-0<1.22.2

vuln CVE-2022-27664,GHSA-69cg-p879-7622,GO-2022-0969 2022-09-06 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H Go's HTTP/2 server hangs while closing
 golang golang.org/x/net <0.0.0-20220906165146-f3363e06e74c
 golang stdlib <1.18.6;>=1.19.0-0<1.19.1

vuln CVE-2024-24790,GHSA-49gw-vxvf-fc2g,GO-2024-2887 2024-06-05 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H net/netip takes IPv4-mapped addresses for non-local ones
 golang stdlib <1.21.11;>=1.22.0-0<1.22.4

vuln CVE-2020-26160,GHSA-w73w-5m7g-f7qc,GO-2020-0017 2020-09-30 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N jwt-go accepts a token whose audience is a list, unchecked
 golang github.com/dgrijalva/jwt-go >=0.0.0-20150717181359-44718f8a89b0

vuln CVE-2019-5736 2019-02-11 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H runc lets a container overwrite the host's runc binary
exploit weaponised exploit-db github-poc metasploit
 debian:11 runc <1.0.0~rc6+dfsg1-2
 debian:12 runc <1.0.0~rc6+dfsg1-2

vuln CVE-2024-21626,GHSA-xr7r-f8xq-vfvv,GO-2024-2491 2024-01-31 CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H Leaky Vessels: runc leaks a file descriptor of the host into the container
exploit weaponised github-poc metasploit
 golang github.com/opencontainers/runc >=1.0.0-rc93<1.1.12
 debian:11 runc <1.0.0~rc93+ds1-5+deb11u3 advisory=DSA-5615-1 date=2024-02-04
 debian:12 runc <1.1.5+ds1-1+deb12u1 advisory=DSA-5615-1 date=2024-02-04

vuln CVE-2020-15257,GHSA-36xw-fx78-c5r4,GO-2022-0784 2020-12-01 CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N containerd's shim socket is open to containers in the host network
exploit poc github-poc
 golang github.com/containerd/containerd <1.3.9;>=1.4.0<1.4.3

vuln CVE-2022-23648,GHSA-crp2-qrr5-8pq7,GO-2022-0344 2022-03-02 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N containerd copies host files named by a crafted image volume
exploit poc github-poc
 golang github.com/containerd/containerd <1.4.13;>=1.5.0<1.5.10;>=1.6.0<1.6.1

vuln CVE-2024-41110,GHSA-v23v-6jw2-98fq,GO-2024-3005 2024-07-24 CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H Moby's authorisation plugins can be bypassed with an empty body
exploit poc github-poc
 golang github.com/docker/docker >=19.0.0<19.03.16;>=20.0.0<20.10.28;>=23.0.0<23.0.15;>=24.0.0<24.0.10;>=25.0.0<25.0.6;>=26.0.0<26.0.3;>=26.1.0<26.1.15;>=27.0.0<27.0.4;>=27.1.0<27.1.1

vuln CVE-2022-21698,GHSA-cg3q-j54f-5p7p,GO-2022-0322 2022-02-15 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H client_golang keeps a metric for every unknown HTTP method
 golang github.com/prometheus/client_golang <1.11.1

vuln CVE-2022-28948,GHSA-hp87-p4gw-j4gq,GO-2022-0603 2022-05-19 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H go-yaml panics on crafted input
 golang gopkg.in/yaml.v3 <3.0.0-20220521103104-8f96da9f5d5e

vuln CVE-2021-3121,GHSA-c3h9-896r-86jm,GO-2021-0053 2021-01-11 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H gogo/protobuf's generated code indexes out of bounds
 golang github.com/gogo/protobuf <1.3.2

vuln CVE-2020-29652,GHSA-3vm4-22fp-5rfm,GO-2021-0227 2020-12-17 CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H golang.org/x/crypto/ssh crashes on a crafted request
 golang golang.org/x/crypto <0.0.0-20201216223049-8b5274cf687f
)SET";
// clang-format on

}  // namespace

std::string_view SetText() { return kText; }

}  // namespace scantling::advisory::starter
