"""Writes python/tarsight/types.py from the JSON Schemas of the engine.

Usage: python3 scripts/types.py TARSIGHT [--check]

TARSIGHT is the command; --check compares instead of writing.
"""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "python" / "tarsight" / "types.py"

HEAD = '''"""The documents of tarsight as types, made from their JSON Schemas by scripts/types.py.

Sets of words that may grow are `str`. A later engine may add keys.
"""

from typing import Dict, List, Literal, Optional, TypedDict
'''

BASIC = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}


def schema(tarsight: str, document: str) -> dict[str, Any]:
    text = subprocess.run([tarsight, "schema", document], check=True, capture_output=True)
    return json.loads(text.stdout)


def expression(node: dict[str, Any]) -> str:
    """The type of a value."""
    if "$ref" in node:
        return name_of(node["$ref"].rsplit("/", 1)[1])
    if "const" in node:
        return f"Literal[{json.dumps(node['const'])}]"
    if "enum" in node:
        return f"Literal[{', '.join(json.dumps(word) for word in node['enum'])}]"
    for key in ("anyOf", "oneOf"):
        if key in node:
            return union(node[key])
    kind = node.get("type")
    if isinstance(kind, list):
        return union([{**node, "type": one} for one in kind])
    if kind == "array":
        return f"List[{expression(node['items'])}]"
    if kind == "object":
        values = node.get("additionalProperties", True)
        inner = expression(values) if isinstance(values, dict) else "object"
        return f"Dict[str, {inner}]"
    return BASIC[kind]


def union(nodes: list[dict[str, Any]]) -> str:
    """A value that may be null, or one of several words."""
    others = [node for node in nodes if node.get("type") != "null"]
    if all("const" in node or "enum" in node for node in others):
        words = [word for node in others for word in node.get("enum", [node.get("const")])]
        inner = f"Literal[{', '.join(json.dumps(word) for word in words)}]"
    else:
        (other,) = others
        inner = expression(other)
    return f"Optional[{inner}]" if len(others) < len(nodes) else inner


def name_of(definition: str) -> str:
    """`Report` and `Diff` are the classes that hold the documents."""
    return f"{definition}Dict" if definition in ("Report", "Diff") else definition


def comment(text: str, before: str, after: str, indent: str) -> list[str]:
    # Links of the Rust documentation lead nowhere here.
    text = re.sub(r"\[(`\w+`)\]", r"\1", " ".join(text.split()))
    if before:
        text = text.replace("\\", "\\\\")
    return textwrap.wrap(
        f"{before}{text}{after}", 96, initial_indent=indent, subsequent_indent=indent
    )


def definition(name: str, node: dict[str, Any]) -> list[str]:
    properties = node.get("properties")
    if properties is None:
        lines = comment(node.get("description", ""), "", "", "# ")
        return [*lines, f"{name} = {expression(node)}"]
    required = set(node.get("required", []))
    must = {key: value for key, value in properties.items() if key in required}
    may = {key: value for key, value in properties.items() if key not in required}
    if any(keyword.iskeyword(key) for key in properties):
        return functional(name, node, must, may)
    lines = []
    base = "TypedDict"
    if may and must:
        base = f"_{name}"
        lines += [f"class {base}(TypedDict):", *fields(must), "", ""]
    total = ", total=False" if may else ""
    lines.append(f"class {name}({base}{total}):")
    lines += comment(node.get("description", ""), '"""', '"""', "    ")
    lines.append("")
    return [*lines, *fields(may or must)]


def functional(
    name: str, node: dict[str, Any], must: dict[str, Any], may: dict[str, Any]
) -> list[str]:
    """A definition with a key that no class can have, such as `import`."""
    if must and may:
        raise ValueError(f"{name} has keys that must and keys that may be there")
    lines = comment(node.get("description", ""), "", "", "# ")
    lines += [f"{name} = TypedDict(", f'    "{name}",', "    {"]
    for key, value in (must or may).items():
        lines += comment(value.get("description", ""), "", "", "        # ")
        lines.append(f'        "{key}": {expression(value)},')
    lines.append("    },")
    return [*lines, "    total=False,", ")"] if may else [*lines, ")"]


def fields(properties: dict[str, Any]) -> list[str]:
    lines = []
    for key, value in properties.items():
        lines.append(f"    {key}: {expression(value)}")
        if "description" in value:
            lines += comment(value["description"], '"""', '"""', "    ")
    return lines


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"].rsplit("/", 1)[1]} if "$ref" in node else set()
        return found.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()


def ordered(definitions: dict[str, Any]) -> list[str]:
    """Each definition after those it uses."""
    order: list[str] = []

    def add(name: str) -> None:
        if name in order:
            return
        for used in sorted(references(definitions[name])):
            add(used)
        order.append(name)

    for name in sorted(definitions):
        add(name)
    return order


def module(tarsight: str) -> str:
    definitions: dict[str, Any] = {}
    for document, name in (("report", "Report"), ("diff", "Diff")):
        whole = schema(tarsight, document)
        definitions.update(whole.pop("$defs"))
        definitions[name] = whole
    blocks = [definition(name_of(name), definitions[name]) for name in ordered(definitions)]
    names = [f'    "{name_of(name)}",' for name in sorted(definitions)]
    listed = "\n".join(["__all__ = [", *names, "]"])
    return "\n".join([HEAD, listed, *("\n\n" + "\n".join(block) for block in blocks)]) + "\n"


def main() -> int:
    text = module(sys.argv[1])
    if "--check" not in sys.argv:
        OUT.write_text(text)
        return 0
    if OUT.read_text() != text:
        print(f"{OUT} is not what the schemas say; run python3 scripts/types.py TARSIGHT")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
