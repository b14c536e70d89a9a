import math
from pathlib import Path

import numpy as np
import pytest

from dev.vendors.ai_chat import filled
from dev.vendors.ai_minilm import GELU_BLOCK, MiniLM, gelu


def test_gelu_is_exact_to_half_a_millionth() -> None:
    values = np.linspace(-9, 9, GELU_BLOCK + 1_000, dtype=np.float32)
    exact = [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in values.tolist()]
    assert np.abs(gelu(values.copy()) - np.array(exact)).max() < 5e-7


def test_weights_other_than_the_known_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(RuntimeError, match="is not the all-MiniLM-L6-v2"):
        MiniLM(tmp_path)


def test_a_property_nothing_is_known_about_is_empty_of_its_type() -> None:
    kinds = {"a": {"type": ["integer", "null"]}, "b": {"enum": ["x", "y"]}, "c": {"type": "boolean"}, "d": {}}
    assert filled({"properties": kinds}, {"title": "T"}) == {"a": 0, "b": "x", "c": False, "d": ""}
    assert filled({}, {"title": "T"}) == {"title": "T"}
