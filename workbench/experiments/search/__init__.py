"""Search for hyper-parameters: a study of trials, each an ordinary run."""
