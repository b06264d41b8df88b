"""Start the workbench: the window without arguments, otherwise one command of `workbench.cli`."""

import signal

if __name__ == "__main__":
    # Until there is a guard: an end without a traceback.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from workbench.start.main import program

    program()
