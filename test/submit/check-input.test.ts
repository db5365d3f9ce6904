import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { preflight } from "../../src/index.ts";
import type { PreflightOptions } from "../../src/preflight/preflight.ts";
import type { Report } from "../../src/report/report.ts";
import { type CheckedInput, checkInput } from "../../src/submit/check-input.ts";
import { entryKey, nameHashOf } from "../../src/submit/entry-key.ts";
import type { SubmitFile } from "../../src/submit/input/submit-file.ts";
import type { SubmitOptions } from "../../src/submit/options.ts";
import { serviceInMemory } from "./client-in-memory.ts";

/* The check before an upload: its options, how a refusal is reported, and the ledger key of the file. */

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../fixtures/${name}`, import.meta.url));
const atlas = serviceInMemory().client;

interface CheckResult {
  options: PreflightOptions[];
  checked: CheckedInput | null;
}
/** Checks a fixture, and returns the options passed to `preflight`. */
async function check(
  name: string,
  options: Partial<SubmitOptions> = {},
  {
    file = {},
    identify = true,
    alwaysHash = false,
  }: { file?: Partial<SubmitFile>; identify?: boolean; alwaysHash?: boolean } = {},
): Promise<CheckResult> {
  const bytes = await fixture(name);
  const preflightOptions: PreflightOptions[] = [];
  const result = await checkInput<string>(
    {
      preflight(_, given) {
        preflightOptions.push(given);
        // Cross-checks have tests of their own.
        return preflight(new Uint8Array(bytes), { ...given, crossCheck: "never" });
      },
      open: () => ({
        name,
        payload: bytes,
        url: null,
        stamp: async () => null,
        sha256: async () => "0".repeat(64),
        probe: async () => null,
        ...file,
      }),
      rulesVersion: async () => "2026-11-22",
      alwaysHash,
    },
    name,
    { atlas, ...options },
    identify,
  );
  return { options: preflightOptions, checked: result.outcome === "passed" ? result.checked : null };
}
const policiesOf = ({ options }: CheckResult): unknown[] => options.map(({ crossCheck }) => crossCheck);

describe("a cross-check", () => {
  const [validFile, film, short] = [
    "audio/wav-pcm-stereo-3s.wav",
    "video/mp4-h264-aac.mp4",
    "video/duration-1.9s.mp4",
  ];
  it("is requested for each video, once", async () => {
    expect(policiesOf(await check(film, { type: "video" }))).toEqual(["always"]);
    expect(policiesOf(await check(film))).toEqual(["auto", "always"]);
  });
  it("is requested for other files if something is unusual", async () => {
    expect(policiesOf(await check(validFile))).toEqual(["auto"]);
    expect(policiesOf(await check(validFile, { type: "audio" }))).toEqual(["auto"]);
  });
  it("is not requested for a video that fails anyway", async () => {
    const preflightOptions: PreflightOptions[] = [];
    const bytes = await fixture(short);
    const refused = checkInput<string>(
      {
        preflight(_, given) {
          preflightOptions.push(given);
          return preflight(new Uint8Array(bytes), { ...given, crossCheck: "never" });
        },
        open: () => ({
          name: "x",
          payload: bytes,
          url: null,
          stamp: async () => null,
          sha256: async () => "",
          probe: async () => null,
        }),
        rulesVersion: async () => "2026-11-22",
        alwaysHash: false,
      },
      "x",
      { atlas },
      true,
    );
    await expect(refused).rejects.toMatchObject({ code: "refused" });
    expect(preflightOptions.map(({ crossCheck }) => crossCheck)).toEqual(["auto"]);
  });
  it.each(["always", "never", "auto"] as const)("follows the caller's option: %s", async (crossCheck) => {
    expect(policiesOf(await check(film, { crossCheck }))).toEqual([crossCheck]);
    expect(policiesOf(await check(film, { crossCheck, type: "video" }))).toEqual([crossCheck]);
  });
});

describe("the check before an upload", () => {
  it("uses the caller's options, and none of the upload's", async () => {
    const { options } = await check("audio/wav-pcm-stereo-3s.wav", {
      assetName: "the asset's",
      maxRegistrationsPerMinute: 3,
      file: "clips/a.wav",
      account: "work",
      again: ["gone"],
      wait: false,
      deadline: 1,
      interval: 1,
      recovery: {},
      onNote: () => {},
      onProgress: () => {},
      strict: true,
      limits: "documented",
      locale: "zh-CN",
    });
    expect(options).toEqual([
      { name: "clips/a.wav", strict: true, limits: "documented", locale: "zh-CN", crossCheck: "auto" },
    ]);
    expect((await check("audio/wav-pcm-stereo-3s.wav")).options).toEqual([{ crossCheck: "auto" }]);
    expect((await check("audio/wav-pcm-stereo-3s.wav", { file: null })).options).toEqual([
      { name: null, crossCheck: "auto" },
    ]);
  });
});

describe("a file that does not pass", () => {
  const refused = async (name: string, options: Partial<SubmitOptions> = {}): Promise<{ report: Report }> => {
    const error = await check(name, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "SubmitError", code: "refused" });
    return error as { report: Report };
  };
  it("is refused with the first reason, the number of others, and a hint", async () => {
    expect(await refused("image/jpeg-299x300.jpg")).toMatchObject({
      message: expect.stringMatching(
        /^it did not pass, and was not sent: 299 px wide, under 300 px \([^)]*\)$/,
      ),
      hint: expect.stringMatching(/^scale to/),
      report: { verdict: "fail" },
    });
    expect(await refused("image/jpeg-300x300.jpg", { strict: true })).toMatchObject({
      message: expect.stringMatching(/, and 1 more$/),
      report: { verdict: "unsure" },
    });
  });
  it("is accepted if the caller accepts its unsure findings", async () => {
    const { checked } = await check("image/jpeg-300x300.jpg", { strict: true, acceptUnsure: true });
    expect(checked?.report.verdict).toBe("unsure");
  });
  it.each([
    [undefined, "fetch the object behind the pointer with git lfs pull, then send the file"],
    ["zh-CN", "先用 git lfs pull 取得指针所指的对象，再发送该文件"],
  ] as const)("as a Git LFS pointer is explained: %s", async (locale, hint) => {
    const { report } = await refused("refused/lfs-pointer.mp4", { locale });
    expect(report.findings).toMatchObject([{ rule: "file/format", hint }]);
    const typed = await refused("refused/lfs-pointer.mp4", { locale, type: "video" });
    expect(
      typed.report.findings.map(({ rule, hint: failureReported }) => [rule, failureReported === hint]),
    ).toContainEqual(["video/format", true]);
    expect(typed.report.findings.filter((one) => one.rule !== "video/format" && one.hint === hint)).toEqual(
      [],
    );
  });
  it("with a format that is not accepted is not explained as Git LFS", async () => {
    const { report } = await refused("audio/wav-pcm-stereo-3s.wav", { type: "video" });
    expect(report.findings.map(({ rule }) => rule)).toContain("video/format");
    expect(JSON.stringify(report)).not.toContain("lfs");
  });
  it("has its report passed to the callback before it is refused", async () => {
    const reports: Report[] = [];
    const options: object = { onReport: (report: Report) => reports.push(report) };
    await refused("image/jpeg-299x300.jpg", options);
    expect(reports).toMatchObject([{ verdict: "fail" }]);
  });
});

describe("a file during the check", () => {
  const validFile = "audio/wav-pcm-stereo-3s.wav";
  it.each([
    ["its stamp", { stamp: ["1", "2"] }],
    [
      "its ETag",
      {
        probe: [
          { etag: "1", bytes: 1 },
          { etag: "2", bytes: 1 },
        ],
      },
    ],
    [
      "its size",
      {
        probe: [
          { etag: "1", bytes: 1 },
          { etag: "1", bytes: 2 },
        ],
      },
    ],
    ["that it is there", { probe: [{ etag: "1", bytes: 1 }, null] }],
  ] as [string, { stamp?: string[]; probe?: ({ etag: string; bytes: number } | null)[] }][])(
    "that changes is not the file that was checked: %s",
    async (_, { stamp = ["1"], probe = [null] }) => {
      const url = probe[0] ? "https://x.test/a" : null;
      const file = {
        url,
        stamp: async () => (stamp.length > 1 ? stamp.shift() : stamp[0]) as string,
        probe: async () => (probe.length > 1 ? probe.shift() : probe[0]) ?? null,
      };
      expect((await check(validFile, {}, { file })).checked).toBeNull();
    },
  );
  it("that does not change is accepted", async () => {
    const { signal } = new AbortController();
    const signals: unknown[] = [];
    const file: Partial<SubmitFile> = {
      url: "https://x.test/a",
      probe: async (given) => {
        signals.push(given);
        return { etag: "1", bytes: 1 };
      },
    };
    const { checked } = await check(validFile, { signal }, { file });
    expect(checked).toMatchObject({ stamp: null, probed: { etag: "1", bytes: 1 }, sha256: null });
    expect(signals).toEqual([signal, signal]);
  });
  it("is hashed if the caller or the ledger needs its hash", async () => {
    const hashes = async (
      identify: boolean,
      alwaysHash: boolean,
      url: string | null = null,
    ): Promise<boolean> =>
      (await check(validFile, {}, { identify, alwaysHash, file: { url } })).checked?.sha256 !== null;
    expect(await Promise.all([hashes(true, false), hashes(false, true), hashes(false, false)])).toEqual([
      true,
      true,
      false,
    ]);
    expect(await hashes(true, true, "https://x.test/a")).toBe(false);
  });
});

describe("the hash in a generated name", () => {
  const shared = { type: "image", origin: "https://console.test", account: "default" } as const;
  const url = { sourceUrl: "https://x.test/a.png", querySha256: null, etag: '"1"', bytes: 9, ...shared };
  it("is that of the bytes, or of what identifies a URL's content", () => {
    expect(nameHashOf({ sha256: "a".repeat(64), ...shared })).toBe("a".repeat(64));
    const hash = nameHashOf(url);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(nameHashOf({ ...url, account: "other" })).toBe(hash);
    for (const other of [{ etag: '"2"' }, { querySha256: "b".repeat(64) }, { bytes: 8 }])
      expect(nameHashOf({ ...url, ...other })).not.toBe(hash);
  });
  it("is random for a URL without a strong ETag, which identifies nothing", () => {
    expect(nameHashOf({ ...url, etag: null })).not.toBe(nameHashOf({ ...url, etag: null }));
  });
});

describe("the ledger key of a file", () => {
  const report = { type: "image" } as Report;
  const file = { url: null } as SubmitFile;
  const key = (
    more: object = {},
    consoleBaseUrl = "https://console.test/api?x=1",
    account?: string,
  ): unknown =>
    entryKey(
      { file, report, probed: null, sha256: "0".repeat(64), ...more },
      { atlas: { ...atlas, consoleBaseUrl }, account },
    );
  it("is its bytes, its type, the service's origin and the account", () => {
    expect(key()).toEqual({
      sha256: "0".repeat(64),
      type: "image",
      origin: "https://console.test",
      account: "default",
    });
    expect(key({}, "https://console.test", "work")).toMatchObject({ account: "work" });
    expect(key({}, "/media?token=SECRET")).toMatchObject({ origin: "/media" });
    expect(key({}, "/media#SECRET")).toMatchObject({ origin: "/media" });
  });
  it("is, for a URL, the ETag and size from its server", () => {
    const url = { ...file, url: "https://u:p@x.test/a/b.png?sig=SECRET" };
    expect(key({ file: url, probed: { etag: '"1"', bytes: 9 } })).toMatchObject({
      sourceUrl: "https://x.test/a/b.png",
      etag: '"1"',
      bytes: 9,
    });
    expect(key({ file: url })).toMatchObject({ etag: null, bytes: null });
    expect(key({ file: url })).not.toHaveProperty("sha256");
  });
  it("is unique if there is no hash", () => {
    const made = [1, 2].map(() => (key({ sha256: null }) as { sha256: string }).sha256);
    for (const hash of made) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});
