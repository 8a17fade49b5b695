"""`llamafactory-cli` with torchaudio absent: `python launch.py train|export FILE.yaml`.

LLaMA-Factory 0.9.5 imports torchaudio at the top of data/mm_plugin.py, though text never uses it; the build
on PyPI does not load beside a CPU build of torch. Runs in the fine-tuning environment.
"""

import importlib.machinery
import sys
import types

try:
    import torchaudio  # noqa: F401
except (ImportError, OSError):
    for name in [n for n in sys.modules if n == "torchaudio" or n.startswith("torchaudio.")]:
        del sys.modules[name]
    stub = types.ModuleType("torchaudio")
    stub.__spec__ = importlib.machinery.ModuleSpec("torchaudio", loader=None)  # transformers looks at it
    stub.__version__ = "0.0.0"
    sys.modules["torchaudio"] = stub

from llamafactory.cli import main

if __name__ == "__main__":
    main()
