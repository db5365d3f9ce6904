import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a command is installed. */
export function has(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v "${command}"`], { stdio: "ignore" }).status === 0;
}

/** A process's standard output. @throws Error with its standard error */
export function output(command: string, args: readonly string[], mayFail = false): string {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  if (done.error) throw done.error;
  if (done.status !== 0 && !mayFail)
    throw new Error(`${command} ended with ${done.status}: ${done.stderr.slice(-400)}`);
  return done.stdout;
}

/**
 * Milliseconds that a process takes, its output thrown away, and the most memory it held, in MB (Linux; else null).
 * @param watched whether its memory is measured, which slows down a short run a little
 */
export async function timed(
  command: string,
  args: readonly string[],
  watched = true,
): Promise<{ milliseconds: number; megabytes: number | null; status: number | null }> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "ignore"] });
  let most: number | null = null;
  const look = setInterval(() => {
    if (!watched) return;
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "latin1");
      const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
      if (kilobytes > (most ?? 0) * 1024) most = kilobytes / 1024;
    } catch {
      // It has ended, or this is not Linux.
    }
  }, 5);
  const status = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("exit", done);
  });
  clearInterval(look);
  return { milliseconds: performance.now() - start, megabytes: most, status };
}

/** The median of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
