import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { abortError, MediaPreflightError, throwIfAborted } from "../errors.ts";

export interface ProgramOptions {
  signal?: AbortSignal | null | undefined;
  /** Milliseconds after which it is killed. */
  deadline: number;
  /** Bytes of memory after which it is killed. */
  maxMemory?: number | undefined;
  /** Called with standard output as it arrives; without it, the output is collected. */
  onOutput?: ((text: string) => void) | undefined;
  cwd?: string | undefined;
  /** Input bytes, for programs that read a pipe. */
  input?: Uint8Array | undefined;
}

export interface ProgramResult {
  code: number;
  stdout: string;
  /** The first and the last 32 KiB of it. */
  stderr: string;
}

const watchIntervalInMilliseconds = 250;
const keptStderr = 64 * 1024;
const maxStdout = 16 * 1024 * 1024;

/**
 * Runs a program without a shell, in an environment without the caller's secrets, until it ends, the signal fires,
 * the deadline passes or it uses too much memory; then it is killed.
 * @throws MediaPreflightError `aborted`, `timeout`, `engine-failed`
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { signal, deadline, maxMemory = 3 * 2 ** 30, onOutput } = options;
  throwIfAborted(signal);
  const child = spawn(program, args, {
    stdio: [options.input ? "pipe" : "ignore", "pipe", "pipe"],
    env: plainEnvironment(process.env),
    cwd: options.cwd ?? "/",
    shell: false,
    windowsHide: true,
    // Ctrl-C in a terminal reaches its whole process group: the caller decides when the program ends.
    detached: process.platform !== "win32",
  });
  killAtExit(child);
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.input);
  const started = performance.now();
  let stopped: MediaPreflightError | null = null;
  let stdout = "";
  let stderr = "";
  const stop = (why: MediaPreflightError): void => {
    stopped ??= why;
    child.kill("SIGKILL");
  };
  const aborted = (): void =>
    stop(signal ? abortError(signal) : new MediaPreflightError("aborted", "stopped"));
  signal?.addEventListener("abort", aborted, { once: true });
  const watch = setInterval(() => {
    if (performance.now() - started > deadline) {
      const message = `it was stopped after ${Math.round(deadline / 1000)} s`;
      stop(
        new MediaPreflightError("timeout", message, { hint: "raise the deadline if the file is that long" }),
      );
      return;
    }
    void residentBytes(child).then((bytes) => {
      if (bytes > maxMemory)
        stop(
          new MediaPreflightError(
            "engine-failed",
            `it was stopped at ${Math.round(bytes / 2 ** 20)} MiB of memory`,
          ),
        );
    });
  }, watchIntervalInMilliseconds);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (onOutput) onOutput(text);
    else if (stdout.length < maxStdout) stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    // The first lines say what went wrong, the last ones how it ended.
    stderr =
      stderr.length < keptStderr / 2
        ? stderr + text
        : stderr.slice(0, keptStderr / 2) + (stderr.slice(keptStderr / 2) + text).slice(-keptStderr / 2);
  });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (cause) =>
        reject(new MediaPreflightError("engine-failed", `cannot start ${program}`, { cause })),
      );
      child.once("close", (status) => resolve(status ?? -1));
    });
    if (stopped) throw stopped;
    return { code, stdout, stderr };
  } finally {
    clearInterval(watch);
    signal?.removeEventListener("abort", aborted);
  }
}

const running = new Set<ChildProcess>();

/** No program outlives this process: a second Ctrl-C ends it at once. */
function killAtExit(child: ChildProcess): void {
  if (running.size === 0) process.on("exit", killRunning);
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", killRunning);
  });
}

function killRunning(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** The environment variables that decoders need; no keys. */
function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowedNames = [
    "PATH",
    "HOME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SystemRoot",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
  ];
  const out: NodeJS.ProcessEnv = { LC_ALL: "C", AV_LOG_FORCE_NOCOLOR: "1" };
  for (const name of allowedNames) if (env[name] !== undefined) out[name] = env[name];
  return out;
}

/** Bytes of memory that a process uses; 0 if the system does not say. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  if (pid === undefined) return 0;
  if (process.platform === "linux") {
    try {
      const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
      return Number(kib ?? 0) * 1024;
    } catch {
      return 0; // it has ended
    }
  }
  if (process.platform === "win32") return 0;
  return await new Promise((resolve) => {
    execFile("/bin/ps", ["-o", "rss=", "-p", String(pid)], (error, text) =>
      resolve(error ? 0 : Number(text.trim()) * 1024 || 0),
    );
  });
}
