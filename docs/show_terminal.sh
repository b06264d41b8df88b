#!/usr/bin/env bash
# What a person reads in the terminal, at 80 and at 120 columns: run it and look.
# Usage: docs/show_terminal.sh [PYTHON]; records its short runs in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state"
small=(--preset sinusoid --iterations 30 --training.eval_tasks 20)

show() {
    printf '\n%s\n' "--- $COLUMNS columns: main.py $*"
    "$python" main.py "$@" 2>&1
}

for COLUMNS in 80 120; do
    export COLUMNS
    show --help
    show list presets | head -24
    show list algorithms
    show train --preset sinusoid --help
    show train "${small[@]}" --training.test_tasks 50 --run-dir "$home/data/run-$COLUMNS"
    show evaluate "$home/data/run-$COLUMNS" --tasks 50 --steps 3
    show adapt "$home/data/run-$COLUMNS" --steps 3
    show race "${small[@]}" --algorithms maml,reptile,protonet --seeds 0,1 --tasks 50
    show runs
    show runs show "$home/data/run-$COLUMNS"
    show train --preset sinusiod || true
done
