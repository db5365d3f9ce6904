import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { codeCache } from "./code-cache.ts";
import { type Script as Gathered, piecesOf } from "./pieces.ts";
import type * as Start from "./start.ts";

/*
 * The built command begins here, so that most of it need not be compiled anew: what V8 made of the gathered scripts
 * is kept from run to run. Not by module.enableCompileCache(), which keeps no function that is first compiled when
 * it is called, as nearly all are: it saves half as much.
 */

/** Put in by bundle.ts: which script holds a piece, and the checksum of each script. */
declare const homes: Record<string, string>;
declare const checksums: Record<string, string>;

const open: ((ways: ReadonlySet<string>) => void)[] = [];

/** What a hook runs is kept apart: code that a run does not need takes time to be taken back, too. */
const kind = process.argv[2] !== "check" ? "other" : process.argv.includes("--staged") ? "staged" : "check";

function run(name: string): Gathered {
  const filename = join(import.meta.dirname, name);
  const kept = codeCache(`${checksums[name]}-${kind}`, process.env);
  // It is all ASCII. A script's value is that of its last statement.
  const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData: kept?.data });
  open.push((ways) => {
    if (script.cachedDataRejected !== false || !kept?.holds(ways))
      kept?.keep(script.createCachedData(), ways);
  });
  return script.runInThisContext() as Gathered;
}

const held = piecesOf(homes, run, (name) => import(name));
// What is loaded later finds them here.
Object.defineProperty(globalThis, Symbol.for("media-preflight"), { value: held });
// Not awaited: it is built as CommonJS.
void (held("./start.mjs") as typeof Start).start().then((ways) => {
  for (const keep of open) keep(ways);
});
