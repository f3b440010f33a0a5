"""``python -m alssim`` does what ``alssim`` does."""

import sys

from alssim.cli import main

if __name__ == "__main__":
    sys.exit(main())
