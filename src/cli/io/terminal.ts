import { fstatSync, statSync, writeSync } from "node:fs";

/** What a command may use of the process: its streams, its environment and a signal to stop. */
export interface Terminal {
  /** Data. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Fires at Ctrl-C or when the reader of the output has closed it. */
  readonly signal: AbortSignal;
  readonly color: boolean;
  /** Columns, where stdout is a terminal; else null: lines are not wrapped. */
  readonly columns: number | null;
  /** Whether stderr is a terminal: a progress line may be drawn. */
  readonly interactive: boolean;
}

/** Exit codes, the worst one wins: 2 outranks 1. */
export type ExitCode = 0 | 1 | 2;

/**
 * The process as a Terminal. A reader that closes the pipe (`| head`) ends the work without a message; the first Ctrl-C asks it
 * to stop, the second one stops it.
 */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  const { env } = process;
  let interrupted = false;
  const interrupt = (signal: "SIGINT" | "SIGTERM"): void => {
    if (interrupted) process.exit(signal === "SIGINT" ? 130 : 143);
    interrupted = true;
    process.exitCode = signal === "SIGINT" ? 130 : 143;
    stop.abort();
  };
  process.on("SIGINT", () => interrupt("SIGINT"));
  process.on("SIGTERM", () => interrupt("SIGTERM"));
  const out = channel(1, (error) => stop.abort(error));
  const err = channel(2, () => {});
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  return {
    out: out.write,
    err: err.write,
    env,
    get stdin() {
      return process.stdin;
    },
    signal: stop.signal,
    // https://no-color.org, read 2026-11-22: any non-empty value.
    color: !env.NO_COLOR && (forced || (out.isTerminal && env.TERM !== "dumb")),
    columns: out.isTerminal ? (process.stdout.columns ?? 80) : null,
    interactive: err.isTerminal && env.TERM !== "dumb",
  };
}

interface Channel {
  write(text: string): void;
  isTerminal: boolean;
}

/**
 * Standard output or error. Into a file or a pipe it is written at once: making a stream of it would cost a tenth
 * of a short run. Terminals, sockets and a pipe that is full are left to Node's stream.
 * @param onClosed is called when the reader has closed it
 */
function channel(fd: 1 | 2, onClosed: (error: Error) => void): Channel {
  let closed = false;
  let stream: NodeJS.WriteStream | null = null;
  const failed = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE" && fd === 1) throw error;
    closed = true;
    onClosed(error);
  };
  const streamed = (): NodeJS.WriteStream => {
    if (stream === null) {
      stream = fd === 1 ? process.stdout : process.stderr;
      stream.on("error", failed);
    }
    return stream;
  };
  const plain = isPlain(fd);
  return {
    isTerminal: !plain && streamed().isTTY === true,
    write(text) {
      if (closed) return;
      if (!plain || stream !== null) {
        streamed().write(text);
        return;
      }
      const bytes = Buffer.from(text);
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(fd, bytes, written);
      } catch (error) {
        // A reader that is slow, and a pipe that does not wait for it.
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") streamed().write(bytes.subarray(written));
        else failed(error as NodeJS.ErrnoException);
      }
    },
  };
}

/** A file or a pipe, or the null device: what is certainly no terminal. */
function isPlain(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    if (process.platform === "win32") return false;
    return stat.isFile() || stat.isFIFO() || stat.rdev === statSync("/dev/null").rdev;
  } catch {
    return false;
  }
}
