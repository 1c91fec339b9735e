#include "node/block_shelf.hpp"

#include <algorithm>

namespace hufu::node {

const ListTree& ShelvedBlock::submissions() const {
  const std::scoped_lock lock(mutex_);
  if (!submissions_) submissions_ = std::make_unique<const ListTree>(submission_leaves(block_.submissions));
  return *submissions_;
}

const ListTree& ShelvedBlock::operations(std::uint32_t submission) const {
  const std::scoped_lock lock(mutex_);
  auto& tree = operations_.at(submission);
  if (!tree)
    tree = std::make_unique<const ListTree>(operation_hashes(block_.submissions[submission].operations));
  return *tree;
}

std::shared_ptr<const ShelvedBlock> BlockShelf::take(std::uint64_t height) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(blocks_.begin(), blocks_.end(), [height](const auto& each) {
    return each->block().header.height == height;
  });
  if (found == blocks_.end()) return nullptr;
  blocks_.splice(blocks_.begin(), blocks_, found);
  return *found;
}

Result<std::shared_ptr<const ShelvedBlock>> BlockShelf::block(std::uint64_t height) {
  if (auto kept = take(height)) return kept;
  auto read = store_.block(height);
  if (!read) return read.error().error;
  if (!*read) return Error::storage_corrupt;
  auto shelved = std::make_shared<const ShelvedBlock>(std::move(**read));
  const std::scoped_lock lock(mutex_);
  blocks_.push_front(shelved);
  if (blocks_.size() > kBlocks) blocks_.pop_back();
  return shelved;
}

}  // namespace hufu::node
