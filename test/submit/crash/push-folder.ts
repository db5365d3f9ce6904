import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { preflight } from "../../../src/index.ts";
import type { PushEvent, PushOptions } from "../../../src/push/options.ts";
import { createNodeSubmitAndPush } from "../../../src/push/submit-and-push.node.ts";

/** Retries that fit a test: milliseconds. */
export const retry = { base: 30, cap: 500 };

/**
 * One push over a folder, for the processes that crash tests start. The exit status says whether anything is left to do.
 * @returns the summary
 */
export async function pushFolder(
  folder: string,
  options: Pick<PushOptions, "atlas" | "ledger" | "recovery" | "storage" | "inFlight">,
  { shuffle = false, onEvent }: { shuffle?: boolean; onEvent: (event: PushEvent) => void },
): Promise<object> {
  const names = (await readdir(folder)).sort(shuffle ? () => Math.random() - 0.5 : undefined);
  const summary = await createNodeSubmitAndPush(preflight).push(
    names.map((name) => ({ input: join(folder, name), file: name })),
    { ...options, crossCheck: "never", deadline: 60_000, interval: 100, onEvent },
  );
  process.exitCode = summary.errors + summary.left > 0 || summary.fatal ? 1 : 0;
  return summary;
}

/** Prints an event as JSON, with the message and cause of errors; progress is left out. */
export function printEvent(event: PushEvent): void {
  if (event.kind === "progress") return;
  console.log(
    JSON.stringify(event, (_, value) =>
      value instanceof Error ? { ...value, message: value.message, cause: value.cause } : value,
    ),
  );
}
