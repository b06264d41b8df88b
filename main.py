"""Start the workbench: the window without arguments, otherwise one command of `workbench.cli`."""

import sys

from workbench.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
