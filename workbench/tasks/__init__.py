"""Task families, one file each. Importing this package registers them all."""

from workbench.core.registry import load_modules

load_modules(__name__, __path__)
