"""The support set by hand: slots, the popups that fill them, and the sheet to draw on."""
