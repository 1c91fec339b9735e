// The keys of a node, all from the one seed in its key file: what the operator keeps, and what the genesis states. Pure.
//
// The labels are part of the format: a node finds its keys again by them.
#pragma once

#include "ledger/base/ed25519.hpp"
#include "ledger/record/standing.hpp"

namespace hufu {

struct NodeSeeds {
  Seed log;     // signs checkpoints under the ledger's origin
  Seed cosign;  // cosigns under the node's name
  Seed tls;     // pinned by peers and clients
};

inline NodeSeeds node_seeds(const Seed& seed) {
  return {.log = seed.derive("hufu/node/log/v1"),
          .cosign = seed.derive("hufu/node/cosign/v1"),
          .tls = seed.derive("hufu/node/tls/v1")};
}

// Writes the public keys into the roster's entry.
inline void set_public_keys(Member& member, const Seed& seed) {
  const NodeSeeds seeds = node_seeds(seed);
  member.log_key = SigningKey(seeds.log).public_key();
  member.cosign_key = SigningKey(seeds.cosign).public_key();
  member.tls_key = SigningKey(seeds.tls).public_key();
}

}  // namespace hufu
