import { delay } from "../async/delay.ts";
import { statusLine } from "../cli/io/stderr-line.ts";
import type { Terminal } from "../cli/io/terminal.ts";
import { allowedFolders } from "./allowed-folders.ts";
import { createContext } from "./context.ts";
import { createServer } from "./server.ts";

/** How long stopped calls may take to record their state in the ledger. */
const graceInMilliseconds = 10_000;

/**
 * Serves the tools over this process's standard input and output until the client closes them or the signal fires.
 * @param allow folders that the tools may use; none: the current one
 * @throws MediaPreflightError `usage`
 */
export async function serve(allow: readonly string[], terminal: Terminal): Promise<void> {
  const folders = allowedFolders(allow, process.cwd());
  // Clients start servers anywhere: relative paths and the ledger belong to the media.
  process.chdir(folders[0]);
  const sdk = await import("./sdk.ts");
  const context = createContext(folders, terminal.env);
  const running = new Set<Promise<unknown>>();
  const track = (call: Promise<unknown>): void => {
    const settled = call.catch(() => {}).finally(() => running.delete(settled));
    running.add(settled);
  };
  const transport = new sdk.StdioServerTransport();
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const handle = sdk.serveStdio(() => createServer(sdk, context, track), {
    transport,
    onerror: (error) => terminal.err(statusLine(error.message)),
  });
  for (const event of ["end", "close", "error"]) process.stdin.once(event, end);
  process.stdout.once("error", end);
  terminal.signal.addEventListener("abort", end, { once: true });
  terminal.err(statusLine(`serving the files of ${folders.join(", ")} over stdio`));
  await fired(ended.signal);
  await handle.close();
  const settled = new AbortController();
  const grace = delay(graceInMilliseconds, settled.signal).catch(() => {});
  await Promise.race([Promise.all(running), grace]);
  settled.abort();
  await context.close();
}

async function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
