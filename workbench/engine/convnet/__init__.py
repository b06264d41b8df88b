"""Conv4 and its kin: gradient and Hessian-vector product written out, kernels around oneDNN."""
