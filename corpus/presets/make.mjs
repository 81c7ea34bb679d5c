// Makes the other forms of the programs in plain/: `npm ci --ignore-scripts && node make.mjs [SEED] [FOLDER]`.
import fs from "node:fs";
import path from "node:path";
import { transformSync } from "@babel/core";
import { buildSync } from "esbuild";
import obfuscator from "javascript-obfuscator";
import { minify } from "terser";

const here = import.meta.dirname;
const seed = Number(process.argv[2] ?? 1);
const to = path.resolve(process.argv[3] ?? here);

const preset = (name, more) => (code, at) =>
  obfuscator
    .obfuscate(code, { optionsPreset: name, seed: seed * 100 + at, target: "node", ...more })
    .getObfuscatedCode();

const forms = {
  low: preset("low-obfuscation"),
  // Pieces of eight letters: no piece ends within a host.
  medium: preset("medium-obfuscation", { splitStringsChunkLength: 8 }),
  high: preset("high-obfuscation"),
  terser: async (code) => (await minify(code, { toplevel: true, compress: { passes: 2 } })).code,
  esbuild: (code) =>
    buildSync({
      stdin: { contents: code, resolveDir: here },
      bundle: true,
      minify: true,
      platform: "node",
      write: false,
    }).outputFiles[0].text,
  babel: (code) =>
    transformSync(code, {
      configFile: false,
      comments: false,
      presets: [["@babel/preset-env", { targets: "ie 11" }]],
    }).code,
};

const names = fs.readdirSync(path.join(here, "plain")).sort();
for (const [form, make] of Object.entries(forms)) {
  fs.mkdirSync(path.join(to, form), { recursive: true });
  for (const [at, name] of names.entries()) {
    const code = fs.readFileSync(path.join(here, "plain", name), "utf8");
    fs.writeFileSync(path.join(to, form, name), (await make(code, at)).trimEnd() + "\n");
  }
}
