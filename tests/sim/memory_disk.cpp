#include "tests/sim/memory_disk.hpp"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstring>
#include <deque>

namespace hufu::sim {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSRandomAccessFile;
using rocksdb::FSSequentialFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

struct Inode {
  std::string data;
  std::size_t synced = 0;
};
using Entries = std::map<std::string, std::shared_ptr<Inode>>;  // by path

// A change of a directory that a power cut may undo.
struct Change {
  std::string path;
  std::shared_ptr<Inode> inode;  // null: the entry is removed
};
using Step = std::vector<Change>;  // a rename is two at once

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string tidy(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

struct State {
  mutable std::mutex mutex;
  Entries live;
  Entries durable;
  std::deque<Step> steps;  // since the directory was synced
  std::map<std::string, bool> folders;
  std::uint64_t syncs = 0;
  bool frozen = false;

  void change(Step step) {
    for (const Change& each : step) {
      if (each.inode) {
        live[each.path] = each.inode;
      } else {
        live.erase(each.path);
      }
    }
    steps.push_back(std::move(step));
  }
  void settle(std::size_t count) {
    for (; count > 0; --count) {
      for (const Change& each : steps.front()) {
        if (each.inode) {
          durable[each.path] = each.inode;
        } else {
          durable.erase(each.path);
        }
      }
      steps.pop_front();
    }
  }
};

class Reading final : public FSSequentialFile {
 public:
  Reading(std::shared_ptr<State> state, std::shared_ptr<Inode> inode)
      : state_(std::move(state)), inode_(std::move(inode)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    const std::size_t count = std::min(n, inode_->data.size() - std::min(at_, inode_->data.size()));
    std::memcpy(scratch, inode_->data.data() + at_, count);
    at_ += count;
    *result = Slice(scratch, count);
    return IOStatus::OK();
  }
  IOStatus Skip(uint64_t n) override {
    const std::lock_guard lock(state_->mutex);
    at_ = std::min<std::size_t>(at_ + n, inode_->data.size());
    return IOStatus::OK();
  }

 private:
  const std::shared_ptr<State> state_;
  const std::shared_ptr<Inode> inode_;
  std::size_t at_ = 0;
};

class Looking final : public FSRandomAccessFile {
 public:
  Looking(std::shared_ptr<State> state, std::shared_ptr<Inode> inode)
      : state_(std::move(state)), inode_(std::move(inode)) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    const std::lock_guard lock(state_->mutex);
    const std::size_t from = std::min<std::size_t>(offset, inode_->data.size());
    const std::size_t count = std::min(n, inode_->data.size() - from);
    std::memcpy(scratch, inode_->data.data() + from, count);
    *result = Slice(scratch, count);
    return IOStatus::OK();
  }

 private:
  const std::shared_ptr<State> state_;
  const std::shared_ptr<Inode> inode_;
};

class Writing final : public FSWritableFile {
 public:
  Writing(std::shared_ptr<State> state, std::shared_ptr<Inode> inode)
      : state_(std::move(state)), inode_(std::move(inode)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    if (!state_->frozen) inode_->data.append(data.data(), data.size());
    return IOStatus::OK();
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->frozen) return IOStatus::OK();
    inode_->data.resize(size);
    inode_->synced = std::min<std::size_t>(inode_->synced, size);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->frozen) return IOStatus::OK();
    inode_->synced = inode_->data.size();
    ++state_->syncs;
    return IOStatus::OK();
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    return inode_->data.size();
  }

 private:
  const std::shared_ptr<State> state_;
  const std::shared_ptr<Inode> inode_;
};

class Folder final : public FSDirectory {
 public:
  explicit Folder(std::shared_ptr<State> state) : state_(std::move(state)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state_->mutex);
    if (!state_->frozen) state_->settle(state_->steps.size());
    return IOStatus::OK();
  }

 private:
  const std::shared_ptr<State> state_;
};

class Lock final : public rocksdb::FileLock {};

}  // namespace

class MemoryDisk::Files final : public rocksdb::FileSystem {
 public:
  const std::shared_ptr<State> state = std::make_shared<State>();

  const char* Name() const override { return "hufu-memory-disk"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<FSSequentialFile>* result, IODebugContext*) override {
    const auto inode = find(path);
    if (!inode) return missing(path);
    *result = std::make_unique<Reading>(state, inode);
    return IOStatus::OK();
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<FSRandomAccessFile>* result, IODebugContext*) override {
    const auto inode = find(path);
    if (!inode) return missing(path);
    *result = std::make_unique<Looking>(state, inode);
    return IOStatus::OK();
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<FSWritableFile>* result, IODebugContext*) override {
    // RocksDB writes its options down at every start and reads them only when asked to: minutes over thousands of starts.
    if (path.find("/OPTIONS-") != std::string::npos) return IOStatus::NotSupported("no options file here");
    const auto inode = std::make_shared<Inode>();
    const std::lock_guard lock(state->mutex);
    if (!state->frozen) state->change({{path, inode}});
    *result = std::make_unique<Writing>(state, inode);
    return IOStatus::OK();
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                              std::unique_ptr<FSWritableFile>* result, IODebugContext*) override {
    const auto inode = find(path);
    if (!inode) return missing(path);
    *result = std::make_unique<Writing>(state, inode);
    return IOStatus::OK();
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&, std::unique_ptr<FSDirectory>* result,
                        IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    if (!state->folders.contains(tidy(path))) return missing(path);
    *result = std::make_unique<Folder>(state);
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    const bool there = state->live.contains(path) || state->folders.contains(tidy(path));
    return there ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetChildren(const std::string& directory, const IOOptions&, std::vector<std::string>* result,
                       IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    const std::string folder = tidy(directory);
    result->clear();
    if (!state->folders.contains(folder)) return missing(directory);
    for (const auto& [path, inode] : state->live) {
      if (folder_of(path) == folder) result->push_back(path.substr(folder.size() + 1));
    }
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    if (!state->live.contains(path)) return missing(path);
    if (!state->frozen) state->change({{path, nullptr}});
    return IOStatus::OK();
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    state->folders[tidy(path)] = true;
    return IOStatus::OK();
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* debug) override {
    return CreateDir(path, options, debug);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    return state->folders.erase(tidy(path)) > 0 ? IOStatus::OK() : missing(path);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* size, IODebugContext*) override {
    const auto inode = find(path);
    if (!inode) return missing(path);
    const std::lock_guard lock(state->mutex);
    *size = inode->data.size();
    return IOStatus::OK();
  }
  IOStatus GetFileModificationTime(const std::string& path, const IOOptions&, uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return find(path) ? IOStatus::OK() : missing(path);
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    const auto inode = find(from);
    if (!inode) return missing(from);
    const std::lock_guard lock(state->mutex);
    if (!state->frozen) state->change({{from, nullptr}, {to, inode}});
    return IOStatus::OK();
  }
  // One process, one store a disk.
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    *lock = new Lock;
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete static_cast<Lock*>(lock);
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* absolute,
                           IODebugContext*) override {
    *absolute = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is, IODebugContext*) override {
    const std::lock_guard lock(state->mutex);
    *is = state->folders.contains(tidy(path));
    return IOStatus::OK();
  }

 private:
  std::shared_ptr<Inode> find(const std::string& path) const {
    const std::lock_guard lock(state->mutex);
    const auto found = state->live.find(path);
    return found == state->live.end() ? nullptr : found->second;
  }
  static IOStatus missing(const std::string& path) { return IOStatus::PathNotFound(path); }
};

MemoryDisk::MemoryDisk() : files_(std::make_shared<Files>()), env_(rocksdb::NewCompositeEnv(files_)) {}
MemoryDisk::~MemoryDisk() = default;

void MemoryDisk::freeze() {
  const std::lock_guard lock(files_->state->mutex);
  files_->state->frozen = true;
}

void MemoryDisk::thaw() {
  const std::lock_guard lock(files_->state->mutex);
  files_->state->frozen = false;
}

Lost MemoryDisk::power_cut(const Dice& dice) {
  State& state = *files_->state;
  const std::lock_guard lock(state.mutex);
  Lost lost;
  const std::size_t kept = dice(state.steps.size() + 1);
  lost.entries = state.steps.size() - kept;
  state.settle(kept);
  state.steps.clear();
  state.live = state.durable;
  for (auto& [path, inode] : state.live) {
    const std::size_t unsynced = inode->data.size() - inode->synced;
    if (unsynced == 0) continue;
    // Often all of it or none.
    const std::uint64_t kind = dice(4);
    const std::size_t stays = kind == 0 ? 0 : kind == 1 ? unsynced : dice(unsynced + 1);
    lost.bytes += unsynced - stays;
    if (stays < unsynced) ++lost.files;
    inode->data.resize(inode->synced + stays);
    inode->synced = inode->data.size();
  }
  return lost;
}

std::string MemoryDisk::flip(const Dice& dice) {
  State& state = *files_->state;
  const std::lock_guard lock(state.mutex);
  std::vector<std::pair<std::string, Inode*>> targets;
  for (auto& [path, inode] : state.live) {
    if (!inode->data.empty() && path.find("LOCK") == std::string::npos &&
        path.find("IDENTITY") == std::string::npos)
      targets.emplace_back(path, inode.get());
  }
  if (targets.empty()) return "";
  auto& [path, inode] = targets[dice(targets.size())];
  const std::uint64_t offset = dice(inode->data.size());
  const auto mask = static_cast<char>(1U << dice(8));
  inode->data[offset] = static_cast<char>(inode->data[offset] ^ mask);
  return path + " at " + std::to_string(offset);
}

std::string MemoryDisk::flip_in(const std::string& ending) {
  State& state = *files_->state;
  const std::lock_guard lock(state.mutex);
  for (auto at = state.live.rbegin(); at != state.live.rend(); ++at) {
    std::string& data = at->second->data;
    if (!at->first.ends_with(ending) || data.empty()) continue;
    const std::size_t offset = data.size() / 3;
    data[offset] = static_cast<char>(data[offset] ^ 0x40);
    return at->first + " at " + std::to_string(offset);
  }
  return "";
}

void MemoryDisk::replace() {
  State& state = *files_->state;
  const std::lock_guard lock(state.mutex);
  state.live.clear();
  state.durable.clear();
  state.steps.clear();
  state.folders.clear();
}

std::uint64_t MemoryDisk::bytes() const {
  const std::lock_guard lock(files_->state->mutex);
  std::uint64_t sum = 0;
  for (const auto& [path, inode] : files_->state->live) sum += inode->data.size();
  return sum;
}

std::vector<std::string> MemoryDisk::files() const {
  const std::lock_guard lock(files_->state->mutex);
  std::vector<std::string> names;
  for (const auto& [path, inode] : files_->state->live) names.push_back(path);
  return names;
}

std::uint64_t MemoryDisk::syncs() const {
  const std::lock_guard lock(files_->state->mutex);
  return files_->state->syncs;
}

}  // namespace hufu::sim
