"""How the window looks and speaks: colours, words, and widgets that no panel owns."""
