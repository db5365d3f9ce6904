import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { MediaPreflightError } from "../../errors.ts";
import { type GitSettings, gitArguments, gitEnvironment, gitProgram } from "./safe-git.ts";
import { refuseSpecialFiles } from "./special-files.ts";

export interface GitCall {
  cwd: string;
  /** Written to git's stdin. */
  input?: string | Buffer | undefined;
  signal?: AbortSignal | undefined;
  /** More bytes than this are a failure; default 512 MiB. */
  outputCap?: number | undefined;
  /** More configuration, which has precedence over the repository's. */
  settings?: GitSettings | undefined;
}

/** A git that waits for something in a damaged or hostile repository is ended after this long. */
const deadline = 60_000;

/**
 * The output of one git command. It is waited for synchronously: git takes a few milliseconds, and watching it
 * meanwhile would cost this process as many.
 * @throws MediaPreflightError `git`, with the last line that git printed
 */
export async function git(args: readonly string[], call: GitCall): Promise<Buffer> {
  call.signal?.throwIfAborted();
  const { error, signal, status, stderr, stdout } = spawnGit(args, call);
  if (status === 0) return stdout;
  // A Ctrl-C reaches git first: let this process handle it before git's failure is reported.
  if (signal) await new Promise((resolve) => setImmediate(resolve));
  call.signal?.throwIfAborted();
  if (error) throw notRun(error);
  throw failed(args, stderr.toString("utf8").slice(-2000));
}

/** The same, or null if git is missing or fails. */
export function gitOrNull(args: readonly string[], call: GitCall): Buffer | null {
  try {
    const { status, stdout } = spawnGit(args, call);
    return status === 0 ? stdout : null;
  } catch {
    return null;
  }
}

function spawnGit(args: readonly string[], call: GitCall): SpawnSyncReturns<Buffer> {
  refuseSpecialFiles(call.cwd);
  return spawnSync(gitProgram(), [...gitArguments(call.settings), ...args], {
    cwd: call.cwd,
    stdio: [call.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(call.input === undefined ? {} : { input: call.input }),
    env: gitEnvironment(call.cwd),
    maxBuffer: call.outputCap ?? 512 * 1024 * 1024,
    timeout: deadline,
    windowsHide: true,
  });
}

function notRun(cause: NodeJS.ErrnoException): MediaPreflightError {
  if (cause.code === "ETIMEDOUT")
    return new MediaPreflightError("git", `git did not finish within ${deadline / 1000} s`, { cause });
  if (cause.code === "ENOBUFS") return new MediaPreflightError("git", "git printed too much", { cause });
  return new MediaPreflightError("git", "git could not be started", { cause });
}

function failed(args: readonly string[], stderr: string): MediaPreflightError {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  if (/not a git repository/i.test(stderr))
    return new MediaPreflightError("git", "not in a git repository", { hint: "run it inside one" });
  if (/dubious ownership/i.test(stderr))
    return new MediaPreflightError("git", "git does not trust this repository: it belongs to another user", {
      hint: "if you trust it, run git config --global --add safe.directory with its path",
    });
  if (/safe\.bareRepository/i.test(stderr))
    return new MediaPreflightError("git", "this is a bare repository inside another folder", {
      hint: "run it in a work tree",
    });
  return new MediaPreflightError("git", `git ${args[0]} failed${line ? `: ${line}` : ""}`);
}
