import { spawn } from "node:child_process";
import { MediaPreflightError } from "../../errors.ts";

const outputCap = 512 * 1024 * 1024;

export interface GitCall {
  cwd: string;
  /** Written to git's stdin. */
  input?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * One git command's output.
 * @throws MediaPreflightError `git`, with git's own last line
 */
export function git(args: readonly string[], call: GitCall): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      cwd: call.cwd,
      stdio: [call.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      // Reading must not touch the index while a commit holds it.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
      ...(call.signal ? { signal: call.signal } : {}),
    });
    const out: Buffer[] = [];
    let size = 0;
    let complaint = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > outputCap) child.kill();
      else out.push(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-2000);
    });
    child.stdin?.on("error", () => {}); // git ended early: its exit code says why
    child.stdin?.end(call.input);
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const missing = cause.code === "ENOENT";
      reject(
        new MediaPreflightError("git", missing ? "git is not installed" : "git could not be started", {
          cause,
          hint: missing ? "install git, or check the files by name" : undefined,
        }),
      );
    });
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out, size));
      else reject(failed(args, complaint));
    });
  });
}

function failed(args: readonly string[], complaint: string): MediaPreflightError {
  const line = complaint.trim().split("\n").at(-1) ?? "";
  if (/not a git repository/i.test(complaint)) {
    return new MediaPreflightError("git", "not in a git repository", { hint: "run it inside one" });
  }
  if (/dubious ownership/i.test(complaint)) {
    return new MediaPreflightError("git", "git does not trust this repository: it belongs to another user", {
      hint: "git config --global --add safe.directory with its path, if you trust it",
    });
  }
  return new MediaPreflightError("git", `git ${args[0]} failed${line ? `: ${line}` : ""}`);
}
