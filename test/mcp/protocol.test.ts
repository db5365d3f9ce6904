import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fixture, scratch, spawned } from "../cli/run.ts";
import { connect, secretKey } from "./session.ts";

/* What a client sees of the server before it calls a tool, and how the process starts and ends. */

const { path: home, remove } = scratch("mcp-protocol");
afterAll(remove);
cpSync(fixture("image/jpeg-640x480.jpg"), join(home, "good.jpg"));
const program = join(import.meta.dirname, "../../src/cli/media-preflight.ts");

test("it offers the five tools of the contract, each with schemas and hints", async () => {
  const session = await connect({ cwd: home });
  const { tools } = await session.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    "check_media",
    "fix_media",
    "register_asset",
    "asset_status",
    "explain",
  ]);
  for (const { description, inputSchema, outputSchema } of tools) {
    expect(description?.length).toBeGreaterThan(40);
    expect(inputSchema.type).toBe("object");
    expect(outputSchema?.type).toBe("object");
  }
  const required = Object.fromEntries(
    tools.map(({ name, inputSchema, outputSchema }) => [
      name,
      [Object.keys(inputSchema.properties ?? {}), outputSchema?.required],
    ]),
  );
  expect(required).toEqual({
    check_media: [["paths", "urls", "type", "rules"], ["reports"]],
    fix_media: [
      ["path", "choices", "apply", "type", "rules"],
      ["plan", "output", "report", "reason"],
    ],
    register_asset: [
      ["path", "url", "type", "assetName"],
      ["uri", "id", "status", "reused"],
    ],
    asset_status: [["id"], ["uri", "status", "error"]],
    explain: [["code"], ["meaning", "cause", "cure"]],
  });
  const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
  expect(hints.check_media).toMatchObject({ readOnlyHint: true });
  expect(hints.fix_media).toMatchObject({ readOnlyHint: false, destructiveHint: false });
  expect(hints.register_asset).toMatchObject({ idempotentHint: true, openWorldHint: true });
  expect(hints.asset_status).toMatchObject({ readOnlyHint: true });
  expect(hints.explain).toMatchObject({ readOnlyHint: true });
  await session.close();
});

describe("protocol versions", () => {
  test.each(["2025-06-18", "2025-11-25"])("%s is negotiated if the client requests it", async (version) => {
    const answers = await exchange([
      initialize(version),
      { jsonrpc: "2.0", method: "notifications/initialized" },
      {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: { name: "explain", arguments: { code: "429" } },
      },
    ]);
    expect(answers[0]).toMatchObject({ id: 1, result: { protocolVersion: version } });
    expect(answers[1]).toMatchObject({
      id: 2,
      result: { structuredContent: { meaning: expect.any(String) } },
    });
  });
  test("2026-07-28 is served to a client that claims it", async () => {
    const session = await connect({
      cwd: home,
      client: { versionNegotiation: { mode: "auto" } },
    });
    expect(session.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    const result = await session.call("check_media", { paths: ["good.jpg"] });
    expect(result.structuredContent).toMatchObject({ reports: [{ file: "good.jpg", verdict: "pass" }] });
    await session.close();
  });
});

test("standard output has only messages of the protocol, whatever is requested", async () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, "mcp"], {
    cwd: home,
    input: [
      JSON.stringify(initialize("2025-06-18")),
      "this is not JSON",
      JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "no_such_tool" } }),
      JSON.stringify({ jsonrpc: "2.0", id: 3, method: "no/such/method" }),
      "",
    ].join("\n"),
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(status).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  expect(stderr).toContain(`serving the files of ${home} over stdio`);
  expect(stdout + stderr).not.toContain(secretKey);
});

describe("where it may start", () => {
  test.each(["/", homedir()])("in %s it needs --allow", (cwd) => {
    const { status, stdout, stderr } = spawned(["mcp"], { cwd, input: "" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/too much for an agent to read .*--allow DIR/);
  });
  test("with --allow it serves that folder, and relative paths are relative to it", async () => {
    const session = await connect({ cwd: "/", args: ["--allow", home] });
    const result = await session.call("check_media", { paths: ["good.jpg", join(home, "good.jpg")] });
    expect(result.structuredContent).toMatchObject({ reports: [{ verdict: "pass" }, { verdict: "pass" }] });
    await session.close();
  });
  test("--allow of a folder that does not exist is a usage error", () => {
    const { status, stderr } = spawned(["mcp", "--allow", join(home, "nowhere")], { cwd: home, input: "" });
    expect(status).toBe(2);
    expect(stderr).toContain("--allow: there is no such folder");
  });
  test("a folder as an argument is a usage error that names --allow", () => {
    mkdirSync(join(home, "shots"), { recursive: true });
    const { status, stderr } = spawned(["mcp", "shots"], { cwd: home, input: "" });
    expect(status).toBe(2);
    expect(stderr).toContain("--allow");
  });
});

test("it ends with its input, and at a signal, with exit 0", async () => {
  const child = spawn(process.execPath, [program, "mcp"], { cwd: home, stdio: ["pipe", "ignore", "pipe"] });
  await new Promise<void>((resolve) => child.stderr.once("data", () => resolve()));
  child.kill("SIGTERM");
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code).toBe(0);
});

const initialize = (protocolVersion: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion, capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

/** Sends messages as lines and returns the answers; input stays open until all have come. */
async function exchange(messages: readonly object[]): Promise<unknown[]> {
  const child = spawn(process.execPath, [program, "mcp"], { cwd: home, stdio: ["pipe", "pipe", "ignore"] });
  const expected = messages.filter((message) => "id" in message).length;
  child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  let out = "";
  for await (const chunk of child.stdout) {
    out += chunk;
    if (out.split("\n").length > expected) break;
  }
  child.stdin.end();
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
