"""What the window works on, without a widget: the draft, its data, the training, the learner."""
