"""What a learner did with a support set, and why: answers for the lab, free of any window."""
