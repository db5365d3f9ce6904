import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { type Held, piecesOf, type Script } from "./pieces.ts";

/* Where modules that are loaded later find the gathered pieces; a worker, which has a world of its own, runs them anew. */

/** Put in by bundle.ts: which script holds a piece. */
declare const homes: Record<string, string>;

const run = (name: string): Script => {
  const filename = join(import.meta.dirname, name);
  return runInThisContext(readFileSync(filename, "latin1"), { filename }) as Script;
};

const launched = (globalThis as Record<symbol, unknown>)[Symbol.for("media-preflight")];
export const held: Held = (launched as Held) ?? piecesOf(homes, run, (name) => import(name));
