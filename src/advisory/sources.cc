#include "advisory/sources.h"

#include "advisory/eol/eol.h"
#include "advisory/epss/epss.h"
#include "advisory/exploits/exploits.h"
#include "advisory/kev/kev.h"
#include "advisory/osv/osv.h"
#include "advisory/pypa/pypa.h"
#include "advisory/secdb/secdb.h"
#include "advisory/vulnrichment/vulnrichment.h"
#include "advisory/withdrawn/withdrawn.h"

#include <array>

namespace scantling::advisory {
namespace {

constexpr uint8_t kRankGithub = 1;
constexpr uint8_t kRankGo = 2;
constexpr uint8_t kRankCve = 4;
constexpr uint8_t kRankAlma = 6;

// OSV feeds differ in their options only.
constexpr OsvOptions kAlma = {"AlmaLinux", "alma", kRankAlma};
constexpr OsvOptions kAlpine = {"Alpine", "nvd", kRankCve};
constexpr OsvOptions kDebian = {"Debian", "nvd", kRankCve};
constexpr OsvOptions kCargo = {"crates.io", "ghsa", kRankGithub};
constexpr OsvOptions kComposer = {"Packagist", "ghsa", kRankGithub};
constexpr OsvOptions kGem = {"RubyGems", "ghsa", kRankGithub};
constexpr OsvOptions kGoGithub = {"Go", "ghsa", kRankGithub};
constexpr OsvOptions kGo = {"Go", "go", kRankGo};
constexpr OsvOptions kMaven = {"Maven", "ghsa", kRankGithub};
constexpr OsvOptions kNpm = {"npm", "ghsa", kRankGithub};
constexpr OsvOptions kNuget = {"NuGet", "ghsa", kRankGithub};
constexpr OsvOptions kPip = {"PyPI", "ghsa", kRankGithub};

template <const OsvOptions& options>
std::unique_ptr<FeedReader> Osv() {
  return osv::MakeReader(options);
}

constexpr std::array kTable = {
    SourceRow{"alma-osv", "alma-osv", &Osv<kAlma>},
    SourceRow{"alpine-osv", "alpine-osv", &Osv<kAlpine>},
    SourceRow{"alpine-secdb", "alpine-secdb", &secdb::MakeReader},
    SourceRow{"cargo-ghsa", "cargo-ghsa", &Osv<kCargo>},
    SourceRow{"cisa-kev", "cisa-kev", &kev::MakeReader},
    SourceRow{"composer-ghsa", "composer-ghsa", &Osv<kComposer>},
    SourceRow{"debian-osv", "debian-osv", &Osv<kDebian>},
    SourceRow{"distro-info", "debian-distro-info", &eol::MakeDistroInfoReader},
    SourceRow{"endoflife-date", "endoflife-date", &eol::MakeEndOfLifeDateReader},
    SourceRow{"epss", "epss-20210831", &epss::MakeReader},
    SourceRow{"exploit-db", "exploitdb-cve-index-derived", &exploits::MakeExploitDbReader},
    SourceRow{"ghsa-withdrawn", "ghsa-withdrawn-textual-derived", &withdrawn::MakeReader},
    SourceRow{"github-poc", "poc-github-derived", &exploits::MakePocReader},
    SourceRow{"go-vulndb", "go-vulndb", &Osv<kGo>},
    SourceRow{"golang-ghsa", "golang-ghsa", &Osv<kGoGithub>},
    SourceRow{"maven-ghsa", "maven-ghsa", &Osv<kMaven>},
    SourceRow{"metasploit", "metasploit-derived", &exploits::MakeMetasploitReader},
    SourceRow{"npm-ghsa", "npm-ghsa", &Osv<kNpm>},
    SourceRow{"nuget-ghsa", "nuget-ghsa", &Osv<kNuget>},
    SourceRow{"pip-ghsa", "pip-ghsa", &Osv<kPip>},
    SourceRow{"pypa", "pypa-advisory-db", &pypa::MakeReader},
    SourceRow{"rubygems-ghsa", "rubygems-ghsa", &Osv<kGem>},
    SourceRow{"vulnrichment", "vulnrichment", &vulnrichment::MakeReader},
};

}  // namespace

std::span<const SourceRow> SourceTable() { return kTable; }

}  // namespace scantling::advisory
