import { describe, expect, test } from "vitest";
import { runProgram } from "../../src/engines/run-program.node.ts";

/* node stands for any program. */

const run = (script: string, options: Partial<Parameters<typeof runProgram>[2]> = {}) =>
  runProgram(process.execPath, ["-e", script], { deadline: 20_000, ...options });

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a program", () => {
  test("gives its output, its errors and its code", async () => {
    const result = await run("console.log('out'); console.error('err'); process.exitCode = 3");
    expect(result).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
  });

  test("does not see the caller's secrets, and no shell reads its arguments", async () => {
    process.env.ATLASCLOUD_API_KEY = "secret";
    try {
      const { stdout } = await runProgram(
        process.execPath,
        ["-e", "console.log(process.env.ATLASCLOUD_API_KEY, process.argv[1])", "$(echo x); `id`"],
        { deadline: 20_000 },
      );
      expect(stdout).toBe("undefined $(echo x); `id`\n");
    } finally {
      delete process.env.ATLASCLOUD_API_KEY;
    }
  });

  test("is killed when the signal fires", async () => {
    const stop = new AbortController();
    const running = run("setInterval(() => {}, 1000); console.log('up')", {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });

  test.skipIf(process.platform === "win32")("is not reached by a Ctrl-C in the terminal", async () => {
    const group = ["-e", "process.stdout.write(require('fs').readFileSync('/proc/self/stat', 'latin1'))"];
    const { stdout } = await runProgram(process.execPath, group, { deadline: 20_000 });
    const [pid, , , , processGroup] = stdout.replace(/\(.*\)/, "name").split(" ");
    expect(processGroup).toBe(pid);
  });

  test.skipIf(process.platform === "win32")("ends with the process that started it", async () => {
    const module = new URL("../../src/engines/run-program.node.ts", import.meta.url);
    const script = `
      const { runProgram } = await import(${JSON.stringify(module.href)});
      const onOutput = (text) => { process.stdout.write(text); process.exit(0); };
      await runProgram(process.execPath, ["-e", "console.log(process.pid); setInterval(() => {}, 1000)"], { deadline: 20000, onOutput });
    `;
    const { stdout } = await runProgram(process.execPath, ["--input-type=module", "-e", script], {
      deadline: 20_000,
    });
    const pid = Number(stdout);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("is killed after its deadline", async () => {
    await expect(run("setInterval(() => {}, 1000)", { deadline: 300 })).rejects.toMatchObject({
      code: "timeout",
    });
  });

  test.skipIf(process.platform === "win32")("is killed when it holds too much memory", async () => {
    const hungry = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 25, 1)), 20)";
    const running = run(hungry, { maxMemory: 200 * 2 ** 20 });
    await expect(running).rejects.toMatchObject({
      code: "engine-failed",
      message: expect.stringContaining("MiB"),
    });
  });

  test("that is not there is an error with a code", async () => {
    await expect(runProgram("/nonexistent/ffmpeg", [], { deadline: 1000 })).rejects.toMatchObject({
      code: "engine-failed",
    });
  });
});
