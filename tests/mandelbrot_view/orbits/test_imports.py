# SPDX-License-Identifier: GPL-3.0-or-later
import subprocess
import sys

LOOK = """
import sys
import mandelbrot_view.orbits.minibrot
print([name for name in ("numba", "llvmlite", "twisted", "zope.interface", "PyQt5") if name in sys.modules])
"""


def test_a_worker_that_computes_orbits_loads_no_compiler_no_twisted_and_no_qt():
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "[]\n"
