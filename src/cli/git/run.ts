import { spawnSync } from "node:child_process";
import { MediaPreflightError } from "../../errors.ts";

export interface GitCall {
  cwd: string;
  /** Written to git's stdin. */
  input?: string | undefined;
  signal?: AbortSignal | undefined;
  /** More bytes than this are a failure; default 512 MiB. */
  outputCap?: number | undefined;
}

/**
 * One git command's output. The process is waited for: it takes a few milliseconds, and to watch it meanwhile would
 * cost this process as many.
 * @throws MediaPreflightError `git`, with git's own last line
 */
export async function git(args: readonly string[], call: GitCall): Promise<Buffer> {
  call.signal?.throwIfAborted();
  const { error, signal, status, stderr, stdout } = spawnSync("git", args, {
    cwd: call.cwd,
    stdio: [call.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(call.input === undefined ? {} : { input: call.input }),
    // Reading must not touch the index while a commit holds it.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
    maxBuffer: call.outputCap ?? 512 * 1024 * 1024,
    windowsHide: true,
  });
  if (status === 0) return stdout;
  // A Ctrl-C reaches git first: let this process hear of it before anything is said of git.
  if (signal) await new Promise((resolve) => setImmediate(resolve));
  call.signal?.throwIfAborted();
  if (error && stdout === null) throw notStarted(error);
  throw failed(args, stderr.toString("utf8").slice(-2000));
}

function notStarted(cause: NodeJS.ErrnoException): MediaPreflightError {
  const missing = cause.code === "ENOENT";
  return new MediaPreflightError("git", missing ? "git is not installed" : "git could not be started", {
    cause,
    hint: missing ? "install git, or check the files by name" : undefined,
  });
}

function failed(args: readonly string[], errorLine: string): MediaPreflightError {
  const line = errorLine.trim().split("\n").at(-1) ?? "";
  if (/not a git repository/i.test(errorLine)) {
    return new MediaPreflightError("git", "not in a git repository", { hint: "run it inside one" });
  }
  if (/dubious ownership/i.test(errorLine)) {
    return new MediaPreflightError("git", "git does not trust this repository: it belongs to another user", {
      hint: "git config --global --add safe.directory with its path, if you trust it",
    });
  }
  return new MediaPreflightError("git", `git ${args[0]} failed${line ? `: ${line}` : ""}`);
}
