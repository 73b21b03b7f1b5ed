import subprocess
import sys

import core.images


def test_the_room_is_light():
    code = "import sys, core.images; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {
        "keras",
        "tensorflow",
        "scipy",
        "sklearn",
        "pandas",
        "streamlit",
        "pydicom",
        "nibabel",
        "tifffile",
    } & set(loaded)
    assert "cv2" in loaded


def test_the_doorplate_names_what_there_is():
    assert all(hasattr(core.images, name) for name in core.images.__all__)
