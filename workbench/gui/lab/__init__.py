"""The parts of the lab, one widget a file. They speak to `state.LabState`, not to each other."""
