/** What a command may touch of the process: its streams, environment and the wish to stop. */
export interface Terminal {
  /** Data. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Fires at Ctrl-C or when nobody reads the output any more. */
  readonly signal: AbortSignal;
  readonly colour: boolean;
  /** Columns, where stdout is a terminal; else null: lines are not wrapped. */
  readonly columns: number | null;
  /** Whether stderr is a terminal: a progress line may be drawn. */
  readonly interactive: boolean;
}

/** Exit codes, the worst one wins: 2 outranks 1. */
export type ExitCode = 0 | 1 | 2;

/**
 * The process as a Terminal. A reader that goes away (`| head`) ends the work quietly; the first Ctrl-C asks it
 * to stop, the second one stops it.
 */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  const { stdout, stderr, env } = process;
  let gone = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    gone = true;
    stop.abort(error);
  });
  stderr.on("error", () => {});
  let asked = false;
  const interrupt = (signal: "SIGINT" | "SIGTERM"): void => {
    if (asked) process.exit(signal === "SIGINT" ? 130 : 143);
    asked = true;
    process.exitCode = signal === "SIGINT" ? 130 : 143;
    stop.abort();
  };
  process.on("SIGINT", () => interrupt("SIGINT"));
  process.on("SIGTERM", () => interrupt("SIGTERM"));
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  return {
    out: (text) => {
      if (!gone) stdout.write(text);
    },
    err: (text) => {
      stderr.write(text);
    },
    env,
    get stdin() {
      return process.stdin;
    },
    signal: stop.signal,
    // https://no-color.org, read 2026-11-22: any non-empty value.
    colour: !env.NO_COLOR && (forced || (stdout.isTTY === true && env.TERM !== "dumb")),
    columns: stdout.isTTY ? (stdout.columns ?? 80) : null,
    interactive: stderr.isTTY === true && env.TERM !== "dumb",
  };
}
