import { afterEach, expect, test, vi } from "vitest";
import { memoryLedger } from "../../src/index.ts";
import { crossCheckWarning } from "../../src/server/cross-check-missing.ts";
import { createHandler } from "../../src/server/index.ts";
import { hideLocalPaths, publicReport } from "../../src/server/public-report.ts";
import { createTickets } from "../../src/server/registration/ticket.ts";
import { clientOf } from "../../src/server/settings.ts";

afterEach(() => vi.unstubAllEnvs());
const authorize = (): boolean => true;

test("a key goes to the base URLs of the environment, and is read from there if it is not given", () => {
  vi.stubEnv("ATLASCLOUD_API_BASE_URL", "http://127.0.0.1:4444/api/v1");
  vi.stubEnv("ATLASCLOUD_CONSOLE_BASE_URL", "http://127.0.0.1:4444/api/v1");
  expect(clientOf({ apiKey: "k", authorize }).consoleBaseUrl).toBe("http://127.0.0.1:4444/api/v1");
  expect(() => clientOf({ authorize })).toThrow(expect.objectContaining({ code: "no-key" }));
  vi.stubEnv("ATLASCLOUD_API_KEY", "from-the-environment");
  expect(clientOf({ authorize }).consoleBaseUrl).toBe("http://127.0.0.1:4444/api/v1");
});

test.each([
  [{ athorize: authorize }, /needs authorize/],
  [{ authorize, maxConcurent: 3 }, /no option "maxConcurent"/],
  [{ authorize, spool: "ram" }, /spool is one of memory, disk/],
  [{ authorize, secret: ["short"] }, /32 characters/],
  [{ authorize, minBytesPerSecond: 0 }, /minBytesPerSecond/],
  [{ authorize, shareAssets: true }, /needs a ledger/],
])("%j is refused", (options, message) => {
  expect(() => createHandler({ apiKey: "k", ...options } as never)).toThrow(message);
});

test("a ledger and shareAssets are accepted", () => {
  const options = { apiKey: "k", authorize, ledger: memoryLedger(), shareAssets: true };
  expect(() => createHandler(options)).not.toThrow();
});

test("MediaInfo is installed here, so there is nothing to report at start-up", async () => {
  expect(await crossCheckWarning()).toBe(null);
});

test.each([
  ["cannot read /srv/app/node_modules/mediainfo.js/dist/x.wasm", "cannot read …"],
  ["at file:///srv/app/x.js:3", "at …:3"],
  ["C:\\app\\x.wasm is missing", "… is missing"],
  ["fetch https://example.com/a/b.mp4", "fetch https://example.com/a/b.mp4"],
  ["24000/1001 fps, 16/9", "24000/1001 fps, 16/9"],
  ["scale to 1280×720 and/or trim", "scale to 1280×720 and/or trim"],
])("%s is shown to a page as %s", (text, shown) => {
  expect(hideLocalPaths(text)).toBe(shown);
});

test("a report for a page keeps everything but local paths", () => {
  const report = { file: "/etc/a/b.mp4", findings: [{ message: "no /etc/a/b.wasm", readings: [1, null] }] };
  expect(publicReport(report as never)).toEqual({
    file: "/etc/a/b.mp4",
    findings: [{ message: "no …", readings: [1, null] }],
  });
});

test("an id that was changed anywhere is not read", async () => {
  const tickets = createTickets(["a".repeat(32)]);
  const ticket = {
    use: "asset",
    ref: "1",
    nonce: "n",
    kind: "video",
    label: "",
    expires: Date.now() + 10_000,
    issuer: "i",
    sha256: null,
    filename: "",
  } as const;
  const id = await tickets.issue(ticket);
  expect(await tickets.read(id, "asset", "")).toEqual(ticket);
  expect(await tickets.read(id, "asset", null)).toBe(null);
  for (let at = 0; at < id.length; at += 7) {
    const changed = id.slice(0, at) + (id[at] === "A" ? "B" : "A") + id.slice(at + 1);
    expect(await tickets.read(changed, "asset", "")).toBe(null);
  }
});
