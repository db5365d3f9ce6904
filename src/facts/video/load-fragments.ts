import { loadModule } from "../../async/load-module.ts";
import { loadOnce } from "../../async/load-once.ts";
import type { Cursor } from "../cursor.ts";

/** An import() for each of many fragments would take longer than reading them. */
const load = loadOnce(() => loadModule(() => import("./fragments.ts")));

/** Loads the reader of fragmented files, which most pages do not need. */
export async function loadFragments({ budget }: Cursor): Promise<typeof import("./fragments.ts")> {
  const module = await load();
  budget.waited();
  return module;
}
