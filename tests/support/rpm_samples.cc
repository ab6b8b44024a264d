// Writers are kept apart from the readers on purpose: they share no code, only the specifications.
#include "tests/support/rpm_samples.h"

#include <algorithm>
#include <map>

namespace scantling::testing {
namespace {

void Put(std::string& out, uint64_t value, int bytes, ByteOrder order) {
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (order == ByteOrder::kBig ? bytes - 1 - i : i);
    out.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

void Set(std::string& out, size_t at, uint64_t value, int bytes, ByteOrder order) {
  std::string field;
  Put(field, value, bytes, order);
  out.replace(at, field.size(), field);
}

std::string Varint(uint64_t value) {
  std::string out(1, static_cast<char>(value & 0x7f));
  for (value >>= 7; value != 0; value >>= 7) {
    out.insert(out.begin(), static_cast<char>((value & 0x7f) | 0x80));
  }
  return out;
}

}  // namespace

std::string MakeRpmHeader(const std::vector<RpmTagValue>& tags) {
  std::string index;
  std::string data;
  for (const RpmTagValue& tag : tags) {
    const bool is_number = !tag.numbers.empty();
    while (is_number && data.size() % 4 != 0) {
      data.push_back('\0');
    }
    Put(index, tag.tag, 4, ByteOrder::kBig);
    Put(index, is_number ? 4 : (tag.is_array ? 8 : 6), 4, ByteOrder::kBig);
    Put(index, data.size(), 4, ByteOrder::kBig);
    Put(index, is_number ? tag.numbers.size() : tag.texts.size(), 4, ByteOrder::kBig);
    for (const uint32_t number : tag.numbers) {
      Put(data, number, 4, ByteOrder::kBig);
    }
    for (const std::string& text : tag.texts) {
      data += text;
      data.push_back('\0');
    }
  }
  std::string out;
  Put(out, tags.size(), 4, ByteOrder::kBig);
  Put(out, data.size(), 4, ByteOrder::kBig);
  return out + index + data;
}

std::string MakeRpmHeader(const RpmSample& sample) {
  const std::string source =
      sample.source.empty() ? sample.name + "-" + sample.version + "-" + sample.release + ".src.rpm"
                            : sample.source;
  std::vector<std::string> provides = {sample.name};
  provides.insert(provides.end(), sample.provides.begin(), sample.provides.end());
  std::vector<RpmTagValue> tags = {
      {1000, {sample.name}, {}, false},      {1001, {sample.version}, {}, false},
      {1002, {sample.release}, {}, false},   {1011, {"Sample Vendor"}, {}, false},
      {1014, {"GPLv3+ and MIT"}, {}, false}, {1022, {"noarch"}, {}, false},
      {1044, {source}, {}, false},           {1047, provides, {}, true},
  };
  if (!sample.needs.empty()) {
    tags.push_back({1049, sample.needs, {}, true});
  }
  if (sample.epoch >= 0) {
    tags.push_back({1003, {}, {static_cast<uint32_t>(sample.epoch)}, false});
  }
  if (!sample.module.empty()) {
    tags.push_back({5096, {sample.module}, {}, false});
  }
  if (!sample.files.empty()) {
    std::vector<std::string> folders;
    std::vector<std::string> names;
    std::vector<uint32_t> indexes;
    for (const auto& [folder, name] : sample.files) {
      auto at = std::ranges::find(folders, folder);
      if (at == folders.end()) {
        folders.push_back(folder);
        at = folders.end() - 1;
      }
      indexes.push_back(static_cast<uint32_t>(at - folders.begin()));
      names.push_back(name);
    }
    tags.push_back({1116, {}, indexes, false});
    tags.push_back({1117, names, {}, true});
    tags.push_back({1118, folders, {}, true});
  }
  return MakeRpmHeader(tags);
}

std::string MakeRpmSqlite(const std::vector<std::string>& headers) {
  constexpr size_t kPage = 512;
  constexpr ByteOrder kBig = ByteOrder::kBig;
  std::vector<std::string> pages(2, std::string(kPage, '\0'));
  // One leaf page per row, its payload spilling into overflow pages.
  std::vector<uint64_t> leaves;
  for (size_t row = 0; row < headers.size(); ++row) {
    const std::string type = Varint(12 + 2 * headers[row].size());
    std::string payload(1, static_cast<char>(type.size() + 2));  // header size, hnum NULL, blob
    payload.push_back('\0');
    payload += type + headers[row];
    std::string cell = Varint(payload.size()) + Varint(row + 1);
    const size_t most = kPage - 35;
    size_t local = payload.size();
    if (local > most) {
      const size_t least = (kPage - 12) * 32 / 255 - 23;
      const size_t fitted = least + (payload.size() - least) % (kPage - 4);
      local = fitted <= most ? fitted : least;
    }
    cell += payload.substr(0, local);
    pages.emplace_back(kPage, '\0');
    const size_t leaf = pages.size();
    leaves.push_back(leaf);
    if (local < payload.size()) {
      Put(cell, pages.size() + 1, 4, kBig);
      for (size_t done = local; done < payload.size(); done += kPage - 4) {
        const std::string part = payload.substr(done, kPage - 4);
        std::string page;
        Put(page, done + part.size() < payload.size() ? pages.size() + 2 : 0, 4, kBig);
        page += part;
        page.resize(kPage, '\0');
        pages.push_back(page);
      }
    }
    std::string& page = pages[leaf - 1];
    const size_t at = kPage - cell.size();
    page[0] = 0x0d;
    Set(page, 3, 1, 2, kBig);
    Set(page, 5, at, 2, kBig);
    Set(page, 8, at, 2, kBig);
    page.replace(at, cell.size(), cell);
  }
  // Page 2: the root of Packages. Without rows it is an empty leaf.
  std::string& root = pages[1];
  if (leaves.empty()) {
    root[0] = 0x0d;
  } else {
    root[0] = 0x05;
    Set(root, 3, leaves.size() - 1, 2, kBig);
    Set(root, 8, leaves.back(), 4, kBig);
    size_t at = kPage;
    for (size_t i = 0; i + 1 < leaves.size(); ++i) {
      std::string cell;
      Put(cell, leaves[i], 4, kBig);
      cell += Varint(i + 1);
      at -= cell.size();
      root.replace(at, cell.size(), cell);
      Set(root, 12 + 2 * i, at, 2, kBig);
    }
    Set(root, 5, at, 2, kBig);
  }
  // Page 1: file header and the schema's one row.
  const std::string name = "Packages";
  const std::string sql = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)";
  std::string header;
  for (const uint64_t type : {uint64_t{13 + 2 * 5}, 13 + 2 * name.size(), 13 + 2 * name.size(),
                              uint64_t{1}, 13 + 2 * sql.size()}) {
    header += Varint(type);
  }
  std::string record = Varint(header.size() + 1) + header + "table" + name + name;
  record.push_back(2);
  record += sql;
  const std::string cell = Varint(record.size()) + Varint(1) + record;
  std::string& first = pages[0];
  first.replace(0, 16, std::string("SQLite format 3\0", 16));
  Set(first, 16, kPage, 2, kBig);
  Set(first, 18, 0x0101, 2, kBig);
  Set(first, 20, 0x00402020, 4, kBig);
  Set(first, 28, pages.size(), 4, kBig);
  Set(first, 44, 4, 4, kBig);
  Set(first, 56, 1, 4, kBig);
  first[100] = 0x0d;
  Set(first, 103, 1, 2, kBig);
  Set(first, 105, kPage - cell.size(), 2, kBig);
  Set(first, 108, kPage - cell.size(), 2, kBig);
  first.replace(kPage - cell.size(), cell.size(), cell);
  std::string out;
  for (const std::string& page : pages) {
    out += page;
  }
  return out;
}

std::string MakeRpmNdb(const std::vector<std::string>& headers) {
  constexpr ByteOrder kLittle = ByteOrder::kLittle;
  std::string out = "RpmP";
  for (const uint64_t word : {uint64_t{0}, uint64_t{1}, uint64_t{1}, headers.size() + 1,
                              uint64_t{0}, uint64_t{0}, uint64_t{0}}) {
    Put(out, word, 4, kLittle);
  }
  std::string blobs;
  for (size_t i = 0; i < 254; ++i) {
    out += "Slot";
    if (i >= headers.size()) {
      out.append(12, '\0');
      continue;
    }
    std::string blob = "BlbS";
    Put(blob, i + 1, 4, kLittle);
    Put(blob, 1, 4, kLittle);
    Put(blob, headers[i].size(), 4, kLittle);
    blob += headers[i];
    while ((blob.size() + 12) % 16 != 0) {
      blob.push_back('\0');
    }
    uint32_t a = 1;
    uint32_t b = 0;
    for (const char c : blob) {
      a = (a + static_cast<unsigned char>(c)) % 65521;
      b = (b + a) % 65521;
    }
    Put(blob, (b << 16) | a, 4, kLittle);
    Put(blob, headers[i].size(), 4, kLittle);
    blob += "BlbE";
    Put(out, i + 1, 4, kLittle);
    Put(out, (4096 + blobs.size()) / 16, 4, kLittle);
    Put(out, blob.size() / 16, 4, kLittle);
    blobs += blob;
  }
  return out + blobs;
}

std::string MakeRpmBerkeleyDb(const std::vector<std::string>& headers, ByteOrder order) {
  constexpr size_t kPage = 512;
  std::vector<std::string> pages(2, std::string(kPage, '\0'));
  // Page 1: the hash page with all pairs; the first one is key 0. Every second value is inline
  // where it fits.
  std::string hash(kPage, '\0');
  size_t end = kPage;
  size_t entry = 0;
  const auto add = [&](const std::string& item) {
    end -= item.size();
    hash.replace(end, item.size(), item);
    Set(hash, 26 + 2 * entry++, end, 2, order);
  };
  const auto key = [&](uint64_t number) {
    std::string item(1, '\1');
    Put(item, number, 4, order);
    return item;
  };
  add(key(0));
  add(key(headers.size()));
  for (size_t i = 0; i < headers.size(); ++i) {
    add(key(i + 1));
    std::string item(4, '\0');
    item[0] = 3;
    Put(item, pages.size(), 4, order);
    Put(item, headers[i].size(), 4, order);
    add(item);
    for (size_t done = 0; done < headers[i].size(); done += kPage - 26) {
      const std::string part = headers[i].substr(done, kPage - 26);
      std::string page(26, '\0');
      Set(page, 8, pages.size(), 4, order);
      Set(page, 16, done + part.size() < headers[i].size() ? pages.size() + 1 : 0, 4, order);
      Set(page, 22, part.size(), 2, order);
      page[25] = 7;
      page += part;
      page.resize(kPage, '\0');
      pages.push_back(page);
    }
  }
  Set(hash, 8, 1, 4, order);
  Set(hash, 20, entry, 2, order);
  Set(hash, 22, end, 2, order);
  hash[25] = 13;
  pages[1] = hash;
  std::string& meta = pages[0];
  Set(meta, 12, 0x061561, 4, order);
  Set(meta, 16, 9, 4, order);
  Set(meta, 20, kPage, 4, order);
  meta[25] = 8;
  Set(meta, 32, pages.size() - 1, 4, order);
  std::string out;
  for (const std::string& page : pages) {
    out += page;
  }
  return out;
}

std::vector<std::string> SampleRpmHeaders() {
  return {
      MakeRpmHeader(RpmSample{
          .name = "bash",
          .version = "5.1.8",
          .release = "6.el9",
          .provides = {"/bin/sh", "config(bash)"},
          .needs = {"libc.so.6()(64bit)", "rpmlib(CompressedFileNames)", "/usr/sbin/tool"},
          .files = {{"/usr/bin/", "bash"}, {"/usr/bin/", "sh"}, {"/etc/", "bashrc"}}}),
      MakeRpmHeader(RpmSample{.name = "gpg-pubkey", .version = "8483c65d", .release = "5ccc5b19"}),
      MakeRpmHeader(RpmSample{.name = "glibc",
                              .version = "2.34",
                              .release = "60.el9",
                              .epoch = 0,
                              .provides = {"libc.so.6()(64bit)"},
                              .needs = {"glibc"},
                              .files = {{"/lib64/", "libc.so.6"}}}),
      MakeRpmHeader(
          RpmSample{.name = "nodejs-devel",
                    .version = "18.14.2",
                    .release = "2.module",
                    .epoch = 1,
                    .needs = {"/bin/sh", "(a if b)"},
                    .files = {{"/usr/sbin/", "tool"},
                              {"/usr/share/doc/long-folder-name/", std::string(300, 'x')}},
                    .module = "nodejs:18:9020230301:rhel9",
                    .source = "nodejs-18.14.2-2.module.src.rpm"}),
  };
}

}  // namespace scantling::testing
