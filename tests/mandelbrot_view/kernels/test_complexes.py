# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.kernels.complexes import is_smaller, scaled, size, twice


@pytest.mark.parametrize(
    ("function", "arguments"), [(twice, (1j,)), (size, (1j,)), (scaled, (1j, 2.0)), (is_smaller, (1j, 2j))]
)
def test_what_is_for_compiled_code_says_so(function, arguments):
    with pytest.raises(TypeError, match=rf"{function.__name__}\(\) is for compiled code"):
        function(*arguments)
