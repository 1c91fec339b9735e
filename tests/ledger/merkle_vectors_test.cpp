// Other people's test vectors for both trees, from the shared folder when that is beside the project: transparency-dev's
// inclusion and consistency proofs, the checksum database's record hash, and Celestia's state proofs in ICS 23.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>

#include "ledger/merkle/log_tree.hpp"
#include "ledger/merkle/state_proof.hpp"
#include "tests/vectors.hpp"

namespace hufu {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using namespace hufu::testing;  // NOLINT(google-build-using-namespace): the test's own vocabulary

std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Nothing where the vector holds bytes that are no hash at all: the type already refuses those.
std::optional<Hash> hash_of(ByteSpan bytes) {
  if (bytes.size() != Hash::kSize) return std::nullopt;
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}
std::optional<Hash> hash_of(const json::value& base64) {
  if (base64.is_null()) return std::nullopt;
  return hash_of(from_base64(base64.as_string()).value());
}
std::optional<std::vector<Hash>> hashes_of(const json::value& list) {
  std::vector<Hash> hashes;
  if (list.is_null()) return hashes;
  for (const json::value& entry : list.as_array()) {
    const std::optional<Hash> hash = hash_of(entry);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}
std::uint64_t number(const json::value& vector, const char* name) {
  return vector.at(name).to_number<std::uint64_t>();
}

bool inclusion_holds(const json::value& vector) {
  const auto leaf = hash_of(vector.at("leafHash"));
  const auto root = hash_of(vector.at("root"));
  const auto proof = hashes_of(vector.at("proof"));
  if (!leaf || !root || !proof) return false;
  return verify_inclusion(*leaf, number(vector, "leafIdx"), number(vector, "treeSize"), *proof, *root)
      .has_value();
}

// Some vectors between equal sizes have a text for each root, where only its being equal matters: its hash stands in.
Hash stand_in(const json::value& base64) { return sha256(ByteSpan(from_base64(base64.as_string()).value())); }

bool consistency_holds(const json::value& vector, const char* smaller, const char* larger) {
  const std::uint64_t size1 = number(vector, smaller);
  const std::uint64_t size2 = number(vector, larger);
  auto root1 = hash_of(vector.at("root1"));
  auto root2 = hash_of(vector.at("root2"));
  const auto proof = hashes_of(vector.at("proof"));
  if (size1 == size2 && size1 != 0 && !root1 && !root2) {
    root1 = stand_in(vector.at("root1"));
    root2 = stand_in(vector.at("root2"));
  }
  if (!root1 || !root2 || !proof) return false;
  return verify_consistency(size1, *root1, size2, *root2, *proof).has_value();
}

TEST(MerkleVectors, TransparencyDevInclusion) {
  const fs::path folder = vectors("transparency-dev-merkle/testdata/inclusion");
  SKIP_WITHOUT(folder);
  std::size_t as_expected = 0;
  const std::vector<fs::path> files = json_files(folder);
  for (const fs::path& file : files) {
    const json::value vector = read_json(file);
    const bool held = inclusion_holds(vector);
    EXPECT_EQ(held, !vector.at("wantErr").as_bool()) << file;
    as_expected += held == !vector.at("wantErr").as_bool() ? 1 : 0;
  }
  std::cout << "inclusion: " << as_expected << " of " << files.size() << " as expected\n";
  EXPECT_EQ(files.size(), 98U);
}

TEST(MerkleVectors, TransparencyDevConsistency) {
  const fs::path folder = vectors("transparency-dev-merkle/testdata/consistency");
  SKIP_WITHOUT(folder);
  std::size_t as_expected = 0;
  const std::vector<fs::path> files = json_files(folder);
  for (const fs::path& file : files) {
    const json::value vector = read_json(file);
    const bool held = consistency_holds(vector, "size1", "size2");
    EXPECT_EQ(held, !vector.at("wantErr").as_bool()) << file;
    as_expected += held == !vector.at("wantErr").as_bool() ? 1 : 0;
  }
  std::cout << "consistency: " << as_expected << " of " << files.size() << " as expected\n";
  EXPECT_EQ(files.size(), 98U);
}

// A subtree that begins at the first leaf is an earlier tree: those of the subtree vectors apply here too.
TEST(MerkleVectors, TransparencyDevSubtreesFromTheFirstLeaf) {
  const fs::path folder = vectors("transparency-dev-merkle/testdata/subtreeconsistency");
  SKIP_WITHOUT(folder);
  std::size_t ran = 0;
  for (const fs::path& file : json_files(folder)) {
    const json::value vector = read_json(file);
    // That draft gives no meaning to an empty subtree; RFC 9162 does, to an empty tree.
    if (number(vector, "start") != 0 || number(vector, "end") == 0) continue;
    EXPECT_EQ(consistency_holds(vector, "end", "size"), !vector.at("wantErr").as_bool()) << file;
    ++ran;
  }
  std::cout << "subtrees from the first leaf: " << ran << "\n";
  EXPECT_GT(ran, 0U);
}

TEST(MerkleVectors, TransparencyDevReferenceTree) {
  const fs::path file = vectors("transparency-dev-merkle/rfc6962_reference_tree.json");
  SKIP_WITHOUT(file);
  const json::value vector = read_json(file);
  Frontier frontier;
  std::vector<LogNode> nodes;
  const auto& roots = vector.at("root_hash_by_size").as_array();
  for (std::size_t i = 0; i < roots.size(); ++i) {
    EXPECT_EQ(to_hex(frontier.root()), roots[i].as_string()) << i;
    if (i + 1 == roots.size()) break;
    frontier.append(leaf_hash(from_hex(vector.at("leaf_inputs_hex").at(i).as_string()).value()), &nodes);
  }
  ASSERT_EQ(nodes.size(), 15U) << "a complete tree of eight leaves";
  for (const LogNode& node : nodes) {
    EXPECT_EQ(to_hex(node.hash),
              vector.at("node_hashes_by_level").at(node.id.level).at(node.id.index).as_string());
  }
}

TEST(MerkleVectors, ChecksumDatabaseRecordHash) {
  const fs::path file = vectors("golang-sumdb/tlog_vectors.json");
  SKIP_WITHOUT(file);
  const json::value format = read_json(file).at("format_tree");
  const std::string text = "go.sum database tree\n" + std::to_string(number(format, "n")) + "\n" +
                           to_base64(leaf_hash(as_bytes(format.at("record").as_string()))) + "\n";
  EXPECT_EQ(text, format.at("golden").as_string());
}

// As much of protobuf as an ICS 23 commitment proof needs: varints, and fields that are bytes or messages.
struct Message {
  std::multimap<std::uint64_t, Bytes> bytes;
  std::map<std::uint64_t, std::uint64_t> numbers;

  explicit Message(ByteSpan input) {
    while (!input.empty()) {
      const std::uint64_t key = varint(input);
      if ((key & 7) == 0) {
        numbers[key >> 3] = varint(input);
        continue;
      }
      EXPECT_EQ(key & 7, 2U);
      const std::uint64_t length = varint(input);
      if (length > input.size()) throw std::runtime_error("protobuf field longer than its message");
      bytes.emplace(key >> 3, to_bytes(input.first(length)));
      input = input.subspan(length);
    }
  }
  static std::uint64_t varint(ByteSpan& input) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !input.empty() && shift < 64; shift += 7) {
      const std::uint8_t byte = input.front();
      input = input.subspan(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  const Bytes& one(std::uint64_t field) const { return bytes.find(field)->second; }
  bool has(std::uint64_t field) const { return bytes.contains(field); }
  std::uint64_t number_or_zero(std::uint64_t field) const {
    return numbers.contains(field) ? numbers.at(field) : 0;
  }
};

constexpr std::uint64_t kIcsSha256 = 1;

struct InnerOp {
  Bytes prefix;
  Bytes suffix;
  Hash apply(ByteSpan child) const { return sha256({ByteSpan(prefix), child, ByteSpan(suffix)}); }
};

// An existence proof of the smt spec: its key and value, the root it leads to by ICS 23's own rules, and the same proof in
// our form.
struct Existence {
  Hash path;
  Hash value_hash;
  Hash ics_root;
  StateProof proof;

  explicit Existence(const Message& message) {
    path = sha256(ByteSpan(message.one(1)));
    value_hash = sha256(ByteSpan(message.one(2)));
    const Message leaf(message.one(3));
    EXPECT_EQ(leaf.number_or_zero(1), kIcsSha256) << "hash";
    EXPECT_EQ(leaf.number_or_zero(2), kIcsSha256) << "prehash_key";
    EXPECT_EQ(leaf.number_or_zero(3), kIcsSha256) << "prehash_value";
    EXPECT_EQ(leaf.number_or_zero(4), 0U) << "no length prefix";
    ics_root = sha256({ByteSpan(leaf.one(5)), ByteSpan(path), ByteSpan(value_hash)});
    EXPECT_EQ(ics_root, state_leaf_hash(path, value_hash));
    const auto [begin, end] = message.bytes.equal_range(4);
    for (auto op = begin; op != end; ++op)
      climb(Message(op->second), std::distance(begin, op), std::distance(begin, end));
    std::reverse(proof.siblings.begin(), proof.siblings.end());
    proof.terminal = SameLeafTerminal{};
  }

 private:
  void climb(const Message& message, std::ptrdiff_t height, std::ptrdiff_t depth) {
    EXPECT_EQ(message.number_or_zero(1), kIcsSha256);
    const InnerOp op{.prefix = message.has(2) ? message.one(2) : Bytes(),
                     .suffix = message.has(3) ? message.one(3) : Bytes()};
    const bool sibling_left = op.prefix.size() > 1;
    const auto sibling = hash_of(sibling_left ? ByteSpan(op.prefix).subspan(1) : ByteSpan(op.suffix));
    ASSERT_TRUE(sibling.has_value());
    EXPECT_EQ(sibling_left, path_bit(path, static_cast<std::size_t>(depth - 1 - height)) == 1);
    const Hash parent = op.apply(ics_root);
    EXPECT_EQ(parent, sibling_left ? node_hash(*sibling, ics_root) : node_hash(ics_root, *sibling));
    ics_root = parent;
    proof.siblings.push_back(*sibling);
  }
};

struct IcsVector {
  Message commitment;
  Bytes key;
  Hash root;

  explicit IcsVector(const json::value& vector)
      : commitment(from_hex(vector.at("proof").as_string()).value()),
        key(from_hex(vector.at("key").as_string()).value()),
        root(hash_from_hex(vector.at("root").as_string()).value()) {}
};

TEST(MerkleVectors, Ics23StateExistence) {
  const fs::path folder = vectors("ics23/testdata/smt");
  SKIP_WITHOUT(folder);
  for (const std::string name : {"exist_left", "exist_middle", "exist_right"}) {
    const json::value file = read_json(folder / (name + ".json"));
    const IcsVector vector(file);
    const Existence existence{Message(vector.commitment.one(1))};
    EXPECT_EQ(existence.ics_root, vector.root) << name;
    const Hash path = sha256(ByteSpan(vector.key));
    const Hash value_hash = sha256(ByteSpan(from_hex(file.at("value").as_string()).value()));
    EXPECT_TRUE(verify_presence(vector.root, path, value_hash, existence.proof)) << name;
    EXPECT_FALSE(verify_absence(vector.root, path, existence.proof)) << name;
    EXPECT_FALSE(verify_presence(vector.root, path, path, existence.proof)) << name;
  }
}

std::size_t shared_bits(const Hash& a, const Hash& b) {
  std::size_t bits = 0;
  while (bits < kMaxStateDepth && path_bit(a, bits) == path_bit(b, bits)) ++bits;
  return bits;
}

// ICS 23 shows absence by the two neighbours in the order of paths. The nearer one's way to its leaf passes the place where
// the path would stand: there our proof of absence ends.
StateProof absence_from(const Existence& nearer, const Hash& path) {
  const std::size_t parting = shared_bits(nearer.path, path);
  StateProof proof = nearer.proof;
  if (parting >= proof.siblings.size()) {
    proof.terminal = OtherLeafTerminal{.path = nearer.path, .value_hash = nearer.value_hash};
    return proof;
  }
  Hash on_the_way = state_leaf_hash(nearer.path, nearer.value_hash);
  for (std::size_t depth = proof.siblings.size(); depth-- > parting + 1;) {
    const Hash& sibling = proof.siblings[depth];
    on_the_way =
        path_bit(nearer.path, depth) == 0 ? node_hash(on_the_way, sibling) : node_hash(sibling, on_the_way);
  }
  EXPECT_EQ(proof.siblings[parting], kZeroHash) << "neighbours have nothing between them";
  proof.siblings.resize(parting);
  proof.siblings.push_back(on_the_way);
  proof.terminal = EmptyTerminal{};
  return proof;
}

TEST(MerkleVectors, Ics23StateNonExistence) {
  const fs::path folder = vectors("ics23/testdata/smt");
  SKIP_WITHOUT(folder);
  for (const std::string name : {"nonexist_left", "nonexist_middle", "nonexist_right"}) {
    const IcsVector vector(read_json(folder / (name + ".json")));
    const Message message(vector.commitment.one(2));
    const Hash path = sha256(ByteSpan(vector.key));
    std::optional<Existence> nearer;
    for (const std::uint64_t field : {2U, 3U}) {
      if (!message.has(field)) continue;
      const Existence neighbour{Message(message.one(field))};
      EXPECT_EQ(neighbour.ics_root, vector.root) << name;
      EXPECT_EQ(neighbour.path < path, field == 2) << name;
      EXPECT_TRUE(verify_presence(vector.root, neighbour.path, neighbour.value_hash, neighbour.proof))
          << name;
      if (!nearer || shared_bits(neighbour.path, path) > shared_bits(nearer->path, path)) nearer = neighbour;
    }
    ASSERT_TRUE(nearer.has_value()) << name;
    const StateProof absence = absence_from(*nearer, path);
    EXPECT_TRUE(verify_absence(vector.root, path, absence)) << name;
    EXPECT_FALSE(verify_absence(vector.root, nearer->path, absence)) << name;
  }
}

TEST(MerkleVectors, Ics23InnerOps) {
  const fs::path file = vectors("ics23/testdata/TestInnerOpData.json");
  SKIP_WITHOUT(file);
  std::size_t ran = 0;
  const json::value root = read_json(file);
  for (const auto& [name, vector] : root.as_object()) {
    const json::object& op = vector.at("Op").as_object();
    if (vector.at("IsErr").as_bool() || op.at("hash").to_number<std::uint64_t>() != kIcsSha256) continue;
    const auto bytes = [&op](const char* field) {
      return op.contains(field) ? from_base64(op.at(field).as_string()).value() : Bytes();
    };
    const InnerOp inner{.prefix = bytes("prefix"), .suffix = bytes("suffix")};
    EXPECT_EQ(inner.apply(from_base64(vector.at("Child").as_string()).value()),
              hash_of(vector.at("Expected")))
        << name;
    ++ran;
  }
  EXPECT_EQ(ran, 3U);
}

}  // namespace
}  // namespace hufu
