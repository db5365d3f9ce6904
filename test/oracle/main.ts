/**
 * `npm run oracle -- FOLDER…`: our facts against those of every tool that is installed, with each disagreement and
 * the values of all tools. `--decode` decodes every file as well, `--doubt` only files that we call damaged; `--only wav,mp3`
 * limits the formats; `--quiet` prints
 * `!!` only. Results are stored by the hash of the file, so that a second run is fast.
 */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fromPath } from "../../src/bytes/path.node.ts";
import type { Evidence } from "../../src/facts/evidence.ts";
import { readEvidence } from "../facts/read-evidence.ts";
import { type FactsByTool, hashOf, load, store } from "./cache.ts";
import { compare, compareIntegrity, type Disagreement, label } from "./compare.ts";
import { decoders, oracles, run } from "./oracles.ts";
import type { Oracle } from "./tool-facts.ts";
import { evaluate, wrongPass } from "./verdict.ts";

interface Subject {
  path: string;
  hash: string;
  evidence: Evidence;
  milliseconds: number;
  factsByTool: FactsByTool;
}

function* filesUnder(path: string): Generator<string> {
  const stat = lstatSync(path);
  if (stat.isFile() && statSync(path).size > 0) yield path;
  if (stat.isDirectory()) for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

async function read(path: string): Promise<Subject> {
  const once = async (): Promise<[Evidence, number]> => {
    const from = performance.now();
    const source = fromPath(path);
    try {
      return [await readEvidence(source), performance.now() - from];
    } finally {
      await source.close?.();
    }
  };
  const [, cold] = await once();
  const [evidence, warm] = await once();
  return { path, hash: "", evidence, milliseconds: Math.min(cold, warm), factsByTool: {} };
}

/** Runs one tool on all files without a stored result. */
async function runTool(oracle: Oracle, subjects: readonly Subject[]): Promise<void> {
  const asked = subjects.filter(
    (s) => oracle.fits(s.evidence.format) && s.factsByTool[oracle.name] === undefined,
  );
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const batch = asked.slice(next, next + oracle.batch);
      next += oracle.batch;
      if (batch.length === 0) return;
      const answers = await oracle.ask(batch.map((s) => s.path));
      for (const subject of batch) {
        subject.factsByTool[oracle.name] = answers.get(subject.path) ?? null;
        store(subject.hash, subject.factsByTool);
      }
      if (process.stderr.isTTY)
        process.stderr.write(`\r${oracle.name} ${Math.min(next, asked.length)}/${asked.length} `);
    }
  };
  await Promise.all(Array.from({ length: oracle.jobs }, worker));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    decode: { type: "boolean", default: false },
    doubt: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
if (positionals.length === 0) {
  console.error("usage: npm run oracle -- FOLDER… [--decode | --doubt] [--only wav,mp3] [--quiet]");
  process.exit(2);
}
const only = values.only?.split(",");
const subjects: Subject[] = [];
let crashes = 0;
for (const path of positionals.flatMap((p) => [...filesUnder(resolve(p))])) {
  try {
    const subject = await read(path);
    const { format, kind } = subject.evidence;
    if (kind === null || (only && !only.includes(format ?? ""))) continue;
    subject.hash = await hashOf(path);
    subject.factsByTool = load(subject.hash);
    subjects.push(subject);
  } catch (error) {
    crashes++;
    console.log(`!! crash      ${path}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
const asked: string[] = [];
const installed = async (oracle: Oracle): Promise<boolean> => !(await run("which", [oracle.command])).failed;
for (const oracle of oracles) {
  if (!(await installed(oracle))) continue;
  asked.push(oracle.name);
  await runTool(oracle, subjects);
}
for (const oracle of values.decode || values.doubt ? decoders : []) {
  if (!(await installed(oracle))) continue;
  if (!asked.includes(oracle.name)) asked.push(oracle.name);
  await runTool(oracle, values.decode ? subjects : subjects.filter((s) => s.evidence.damage.length > 0));
}

interface Total {
  files: number;
  wrong: number;
  against: number;
  disputed: number;
  damaged: number;
  ms: number[];
}
const totals = new Map<string, Total>();
const wrongPasses: string[] = [];
const show = (path: string, d: Disagreement): void => {
  const others = Object.entries(d.factsByTool).map(([name, value]) => `${name} ${value}`);
  console.log(`${d.mark} ${d.fact.padEnd(10)} ours ${d.ours}  ${others.join("  ")}  ${path}`);
};
for (const { path, evidence, milliseconds, factsByTool } of subjects) {
  const known = Object.fromEntries(Object.entries(factsByTool).filter(([name]) => asked.includes(name)));
  const key = label(evidence.format);
  const total = totals.get(key) ?? { files: 0, wrong: 0, against: 0, disputed: 0, damaged: 0, ms: [] };
  totals.set(key, total);
  total.files++;
  total.ms.push(milliseconds);
  const found = compare(evidence, known);
  const integrity = compareIntegrity(evidence, known);
  if (integrity) found.push(integrity);
  if (evidence.damage.length > 0) total.damaged++;
  if (found.some((d) => d.mark === "!!")) total.wrong++;
  else if (found.some((d) => d.mark === " !")) total.against++;
  else if (found.length > 0) total.disputed++;
  for (const d of found) if (!values.quiet || d.mark === "!!") show(path, d);
  const wrong = wrongPass(await evaluate(path), known);
  if (wrong) wrongPasses.push(`${wrong}  ${path}`);
}
console.log(`\nasked: ${asked.join(", ")}`);
console.log("format                files    !!     !     ?  damaged   ms median     max");
for (const [name, t] of [...totals].sort((a, b) => b[1].files - a[1].files)) {
  const ms = t.ms.sort((a, b) => a - b);
  const cells = [t.files, t.wrong, t.against, t.disputed].map((n) => String(n).padStart(6)).join("");
  const middle = (ms[ms.length >> 1] ?? 0).toFixed(3);
  console.log(
    `${name.padEnd(21)}${cells}${String(t.damaged).padStart(9)}${middle.padStart(12)}${(ms.at(-1) ?? 0).toFixed(1).padStart(8)}`,
  );
}
console.log(`\nwrong passes: ${wrongPasses.length}, crashes: ${crashes}`);
for (const line of wrongPasses) console.log(`  ${line}`);
