"""What every test shares: the network is refused, the store is real, only models are faked."""
