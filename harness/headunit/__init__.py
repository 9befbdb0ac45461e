"""The simulated head unit: a device behind its plugs, assembled from a frozen blueprint."""
