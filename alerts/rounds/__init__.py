"""What one round is made of: crawls, the working steps in their order, and the leases that keep two apart."""
