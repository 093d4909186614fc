"""The learning sampler: PPO on RLlib. The only importer of RLlib."""
