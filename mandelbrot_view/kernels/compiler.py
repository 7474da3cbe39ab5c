# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m mandelbrot_view.kernels.compiler KIND FILE [NICENESS]`: make machine code of a kernel for this computer.

It takes numba a few seconds, so it runs beside the workers, and what it makes is kept (cache.py). The code stands on
its own: machinecode.py runs it in processes that never import numba. NICENESS is added to that of the caller.
"""

import gc
import os
import re
import sys
import threading
from importlib import import_module
from pathlib import Path

import llvmlite.binding as llvm

from . import cache


def shape_for(features: str) -> tuple[int, int]:
    """The width of the vectors and how many are in flight, for a processor's features as LLVM lists them.

    With AVX-512 the 24 values of six vectors stay in 32 registers, and six chains hide the latency of its two units.
    AVX2 has 16 registers, which four vectors fill. What has less (SSE2, Arm's NEON) works with pairs.
    """
    has = set(features.split(","))
    if "+avx512f" in has:
        return 8, 6
    if "+avx2" in has:
        return 4, 4
    return 2, 6


def machine_code(kind: str, shape: tuple[int, int] | None = None) -> bytes:
    """A kernel for this processor, as an object file.

    kind: "direct" or "deep", the module whose functions() it has; shape: the width of the vectors and how many are in
    flight, by default what suits the processor.
    """
    functions = import_module(f".{kind}", __package__).functions
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    module = llvm.parse_assembly("")
    for name, function in functions(*(shape or shape_for(features))):
        part = llvm.parse_assembly(function.inspect_llvm().replace(function.native_name, name))
        module.link_in(part)
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="jitdefault", jit=True
    )
    module.link_in(llvm.parse_assembly(_traps(module)))
    module.verify()
    return machine.emit_object(module)


def _traps(module: llvm.ModuleRef) -> str:
    """Bodies for what numba's wrapper calls when Python code raises: this code raises nothing and has no Python."""
    lines = ["declare void @llvm.trap()"]
    for function in module.functions:
        declared = re.match(r"declare (.*? @[^()\s]+\(.*?\))", str(function).strip())
        if declared and not function.name.startswith("llvm."):
            lines.append(f"define {declared[1]} {{ call void @llvm.trap() unreachable }}")
    return "\n".join(lines)


def _end_with_parent() -> None:
    """End this process when the worker that started it is gone: then its end of our standard input is closed."""

    def wait() -> None:
        # Not by sys.stdin: the interpreter's end would have to wait for its lock.
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(kind: str, path: Path, niceness: int = 0) -> None:
    """Write a kernel's machine code to a file of the cache."""
    _end_with_parent()
    os.nice(niceness)
    # numba makes millions of objects and keeps them. Their collection would be a third of the time that it takes.
    gc.disable()
    cache.write(path, machine_code(kind))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
