import type { Kind } from "../../facts/formats.ts";
import { startFixWorker } from "./client.ts";

/** Milliseconds until a Worker that does not answer counts as missing. */
const deadline = 30_000;

let known: Promise<ReadonlySet<Kind>> | null = null;

/**
 * The kinds of files that the Worker beside this module converts: none where it is not served, and only images where
 * mediabunny is missing. It is started once in a page.
 */
export function kindsOfDefaultWorker(): Promise<ReadonlySet<Kind>> {
  known ??= askDefaultWorker().catch(() => {
    // Without a network nothing is known.
    if (!navigator.onLine) known = null;
    return new Set<Kind>();
  });
  return known;
}

async function askDefaultWorker(): Promise<ReadonlySet<Kind>> {
  const worker = startFixWorker({ deadline });
  try {
    return new Set(await worker.ask({ op: "kinds" }));
  } finally {
    worker.end();
  }
}
