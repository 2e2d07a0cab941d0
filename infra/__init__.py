"""What surrounds the deployed functions: the command line, packaging, deployment, and the product on one machine."""

import sys
from pathlib import Path

# The functions import each other as they do in their Lambda package, where functions/ is the root.
sys.path.insert(0, str(Path(__file__).parents[1] / "functions"))
