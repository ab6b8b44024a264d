// Tests only: makes tars, well formed and not, entry by entry.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace scantling::testing {

class TarMaker {
 public:
  TarMaker& File(std::string_view name, std::string_view data, uint32_t mode = 0644) {
    return Entry('0', name, "", data, data.size(), mode);
  }
  TarMaker& Folder(std::string_view name) { return Entry('5', name, "", "", 0, 0755); }
  TarMaker& Symlink(std::string_view name, std::string_view target) {
    return Entry('2', name, target, "", 0, 0777);
  }
  TarMaker& Hardlink(std::string_view name, std::string_view target) {
    return Entry('1', name, target, "", 0, 0644);
  }
  // A pax header for the next entry (or 'g' for all that follow).
  TarMaker& Pax(std::string_view key, std::string_view value, char type = 'x') {
    return Entry(type, "pax", "", PaxRecord(key, value), PaxRecord(key, value).size(), 0644);
  }
  TarMaker& Entry(char type, std::string_view name, std::string_view target, std::string_view data,
                  uint64_t size, uint32_t mode) {
    tar_ += Header(type, name, target, size, mode);
    return Raw(data);
  }
  // Data, padded to a block.
  TarMaker& Raw(std::string_view data) {
    tar_ += data;
    tar_.append((512 - data.size() % 512) % 512, '\0');
    return *this;
  }
  TarMaker& Append(std::string_view bytes) {
    tar_ += bytes;
    return *this;
  }
  std::string Take() const { return tar_ + std::string(1024, '\0'); }
  const std::string& WithoutEnd() const { return tar_; }

  static std::string PaxRecord(std::string_view key, std::string_view value) {
    const std::string body = " " + std::string(key) + "=" + std::string(value) + "\n";
    size_t length = body.size();
    while (std::to_string(length).size() + body.size() != length) {
      length = std::to_string(length).size() + body.size();
    }
    return std::to_string(length) + body;
  }
  static std::string Octal(uint64_t value, int width) {
    char text[32];
    std::snprintf(text, sizeof(text), "%0*llo", width, static_cast<unsigned long long>(value));
    return text;
  }
  static std::string Header(char type, std::string_view name, std::string_view target,
                            uint64_t size, uint32_t mode) {
    std::string h(512, '\0');
    h.replace(0, name.size(), name);
    h.replace(100, 7, Octal(mode, 7));
    h.replace(108, 7, Octal(0, 7));
    h.replace(116, 7, Octal(0, 7));
    h.replace(124, 11, Octal(size, 11));
    h.replace(136, 11, Octal(0, 11));
    h[156] = type;
    h.replace(157, target.size(), target);
    h.replace(257, 8, std::string_view("ustar\00000", 8));
    return WithChecksum(std::move(h));
  }
  static std::string WithChecksum(std::string h) {
    h.replace(148, 8, "        ");
    uint64_t sum = 0;
    for (const char c : h) {
      sum += static_cast<unsigned char>(c);
    }
    h.replace(148, 8, Octal(sum, 6) + std::string("\0 ", 2));
    return h;
  }

 private:
  std::string tar_;
};

}  // namespace scantling::testing
