"""Packages of the corpus, packed."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "corpus"
HOSTILE = CORPUS / "packages" / "npmrc-exfiltration"


def pack(folder: Path) -> bytes:
    """The folder as npm would pack it, without the label of the corpus."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "case.json"
    }
    return pack_files(files)


def pack_files(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def large() -> bytes:
    """One file that takes longer to scan than a test needs to leave."""
    code = "".join(f"function f{i}(a) {{ return a + {i}; }}\n" for i in range(400_000))
    manifest = b'{"name":"large","version":"1.0.0","main":"index.js"}'
    return pack_files({"package.json": manifest, "index.js": code.encode()})
