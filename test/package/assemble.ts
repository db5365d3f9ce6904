/*
 * What dist/ holds besides code, made at the end of `npm run build`: the MediaInfo module, so that a page can be given
 * it from this package, and the licences of everything that esbuild bundled, from its lists of inputs.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { locateWasm } from "../../wasm/locate.node.ts";

interface Shipped {
  name: string;
  version: string;
  license: string;
  /** The package's own licence file. */
  text: string;
}

/** `node_modules/a` or `node_modules/@s/a` of an input's path; null for our own. */
export function packageOf(input: string): string | null {
  const at = input.lastIndexOf("node_modules/");
  if (at < 0) return null;
  const [scope = "", name = ""] = input.slice(at + "node_modules/".length).split("/");
  return input.slice(0, at) + join("node_modules", scope.startsWith("@") ? `${scope}/${name}` : scope);
}

/** A package's licence text. @throws Error if it has none: then it must not be published */
export function licenceOf(folder: string): Shipped {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  if (typeof license !== "string") throw new Error(`${name} states no licence, and is bundled`);
  // Without a licence file, the statement in package.json is used.
  const text = file
    ? readFileSync(join(folder, file), "utf8").trim()
    : `(${license}; the package has no licence file)`;
  return { name, version, license, text };
}

function assemble(): void {
  const wasm = locateWasm();
  const folders = new Set<string>([dirname(dirname(wasm))]);
  for (const list of ["dist/cli.meta.json", "dist/node.meta.json", "dist/browser.meta.json"]) {
    const { inputs } = JSON.parse(readFileSync(list, "utf8")) as { inputs: Record<string, unknown> };
    for (const input of Object.keys(inputs)) {
      const folder = packageOf(input);
      if (folder !== null && existsSync(join(folder, "package.json"))) folders.add(folder);
    }
    rmSync(list);
  }
  // One package may be reached by two paths, and be there in two versions.
  const licences = new Map([...folders].map(licenceOf).map((s) => [`${s.name} ${s.version}`, s]));
  const shipped = [...licences.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = "Code of these packages, or the MediaInfo module, is part of the files in this folder.";
  const notices = shipped.map((s) => `${s.name} ${s.version} (${s.license})\n\n${s.text}\n`);
  const rule = `\n${"-".repeat(78)}\n\n`;
  writeFileSync("dist/THIRD-PARTY-LICENSES.txt", [`${head}\n`, ...notices].join(rule));
  copyFileSync(wasm, "dist/browser/MediaInfoModule.wasm");
  // It extends the types of frameworks, most of which a project has not installed; where libraries are checked too,
  // each of those would be an error.
  const frameworks = "dist/src/web/element/frameworks.d.ts";
  writeFileSync(frameworks, `// @ts-nocheck\n${readFileSync(frameworks, "utf8")}`);
}

if (process.argv[1] === import.meta.filename) assemble();
