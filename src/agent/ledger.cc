// See ledger.h. Every change gets the next revision; a message holds all up to one.
#include "agent/ledger.h"

#include "agent/message.h"

#include <set>
#include <utility>

namespace scantling::agent {

void Ledger::Replace(std::vector<Copy> copies, Millis at) {
  const std::lock_guard lock(mutex_);
  std::set<std::string_view> present;
  for (const Copy& copy : copies) {
    present.insert(copy.uid);
  }
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (!present.contains(entry->first)) {
      RemoveLocked(entry, at);
    }
    entry = next;
  }
  present.clear();
  for (Copy& copy : copies) {
    PutLocked(std::move(copy), at);
  }
  replaced_ = true;
  live_ = true;
  changed_.notify_all();
}

void Ledger::Put(Copy copy, Millis at) {
  const std::lock_guard lock(mutex_);
  PutLocked(std::move(copy), at);
  changed_.notify_all();
}

void Ledger::PutLocked(Copy copy, Millis at) {
  if (copy.uid.empty()) {
    return;
  }
  const auto [entry, fresh] = entries_.try_emplace(copy.uid);
  if (!fresh && entry->second.copy == copy) {
    return;
  }
  entry->second.copy = std::move(copy);
  entry->second.at = at;
  entry->second.changed = ++revision_;
}

void Ledger::Remove(std::string_view uid, Millis at) {
  const std::lock_guard lock(mutex_);
  if (const auto entry = entries_.find(uid); entry != entries_.end()) {
    RemoveLocked(entry, at);
    changed_.notify_all();
  }
}

void Ledger::RemoveLocked(std::map<std::string, Entry, std::less<>>::iterator entry, Millis at) {
  if (ends_.size() >= max_ends_) {
    ends_.pop_front();
    ++dropped_ends_;
  }
  End end{entry->first, std::max(at, entry->second.at), ++revision_, std::nullopt};
  if (entry->second.told == 0) {
    end.untold = std::move(entry->second);
  }
  ends_.push_back(std::move(end));
  entries_.erase(entry);
}

void Ledger::SetLive(bool live) {
  const std::lock_guard lock(mutex_);
  live_ = live;
  changed_.notify_all();
}

std::optional<Ledger::Taken> Ledger::Take(const Reporter& reporter, What what, Millis now) {
  const std::lock_guard lock(mutex_);
  const State state = StateLocked();
  if (what == What::kSnapshot ? !state.in_step : !state.changed) {
    return std::nullopt;
  }
  Message message;
  message.snapshot = what == What::kSnapshot;
  message.at = now;
  for (const End& end : ends_) {
    if (end.untold) {
      message.copies.push_back({&end.untold->copy, end.untold->at});
    }
    message.gone.push_back({end.uid, end.at});
  }
  // A container that was stopped and started again runs: its end is history that the server could
  // only take for the present one.
  std::erase_if(message.gone, [this](const Gone& gone) { return entries_.contains(gone.uid); });
  std::erase_if(message.copies,
                [this](const Seen& seen) { return entries_.contains(seen.copy->uid); });
  for (auto& [uid, entry] : entries_) {
    if (message.snapshot) {
      entry.at = now;  // an end that we hear of later may not lie before this sighting
    }
    if (message.snapshot || entry.changed > entry.told) {
      message.copies.push_back({&entry.copy, entry.at});
    }
    if (message.copies.size() >= kMaxMessageCopies) {
      break;
    }
  }
  Taken out;
  out.body = WriteMessage(reporter, message);
  out.revision = revision_;
  out.copies = message.copies.size();
  out.gone = message.gone.size();
  return out;
}

void Ledger::Acknowledge(uint64_t revision) {
  const std::lock_guard lock(mutex_);
  while (!ends_.empty() && ends_.front().revision <= revision) {
    ends_.pop_front();
  }
  for (auto& [uid, entry] : entries_) {
    if (entry.changed <= revision) {
      entry.told = revision;
    }
  }
  acknowledged_ = std::max(acknowledged_, revision);
}

Ledger::State Ledger::StateLocked() const {
  return {replaced_ && live_, revision_ > acknowledged_};
}

Ledger::State Ledger::state() const {
  const std::lock_guard lock(mutex_);
  return StateLocked();
}

void Ledger::Wait(Until until, std::chrono::steady_clock::time_point deadline,
                  const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, deadline, [&] {
    const State state = StateLocked();
    return until == Until::kChanges ? state.changed : state.in_step;
  });
}

uint64_t Ledger::dropped_ends() const {
  const std::lock_guard lock(mutex_);
  return dropped_ends_;
}

}  // namespace scantling::agent
