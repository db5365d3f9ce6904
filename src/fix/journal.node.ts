import { readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { makeFolder } from "../bytes/make-folder.node.ts";
import { sha256OfText } from "../bytes/sha256.ts";
import { stateDirectory } from "../bytes/state-directory.node.ts";
import { nodePreflight } from "../preflight/preflight.node.ts";
import { fileIdentity } from "./file-identity.node.ts";
import type { FixOptions, FixResult } from "./options.ts";
import { planFix } from "./plan.ts";
import { preflightOptions, strictPreflightOptions } from "./preflight-options.ts";

/*
 * Records finished copies, so that an interrupted command continues: one small file per original and set of choices in
 * the user's state folder. A copy is reused only while it and its original are unchanged.
 */

interface Entry {
  original: string;
  /** The copy's name in its folder. */
  name: string;
  copy: string;
}

type Fix = (path: string, options: FixOptions) => Promise<FixResult>;

/** `fix` that reuses the copies that an earlier run made with the same choices. */
export function journal(fix: Fix, folder: string = join(stateDirectory(), "fixed")): Fix {
  return async (path, options) => {
    const file = join(folder, `${keyOf(path, options)}.json`);
    const known = await recall(file, path, options);
    if (known) return known;
    const result = await fix(path, options);
    if (result.outcome === "fixed" && result.output) await remember(file, path, result.output);
    return result;
  };
}

/** Identifies the original and every choice that affects the copy. */
function keyOf(path: string, options: FixOptions): string {
  const { signal, onProgress, deadline, budgets, crossCheckOptions, locale, ...affecting } = options;
  const text = JSON.stringify([resolve(path), affecting, options.out ? resolve(options.out) : null]);
  return sha256OfText(text).slice(0, 40);
}

async function recall(file: string, path: string, options: FixOptions): Promise<FixResult | null> {
  try {
    const { original, name, copy } = JSON.parse(await readFile(file, "utf8")) as Entry;
    const output = join(options.out ?? dirname(path), name);
    if (original !== (await fileIdentity(path)) || copy !== (await fileIdentity(output))) return null;
    const report = await nodePreflight.preflight(path, preflightOptions(options));
    const checked = await nodePreflight.preflight(output, strictPreflightOptions(options));
    if (checked.verdict !== "pass") return null;
    const plan = planFix(report, options);
    return { file: path, outcome: "fixed", output, plan, report: checked, reason: null, reused: true };
  } catch {
    return null; // no entry, an unreadable one, or a missing file: it is fixed again
  }
}

async function remember(file: string, path: string, output: string): Promise<void> {
  try {
    const entry: Entry = {
      original: await fileIdentity(path),
      name: basename(output),
      copy: await fileIdentity(output),
    };
    makeFolder(dirname(file), 0o700);
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(entry), { mode: 0o600 });
    await rename(draft, file);
  } catch {
    // Without a state folder a later run fixes it again: nothing is lost.
  }
}
