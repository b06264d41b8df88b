"""Start the workbench: the window without arguments, otherwise one command of `workbench.cli`."""

from workbench.main import program

if __name__ == "__main__":
    program()
