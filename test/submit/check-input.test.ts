import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { preflight } from "../../src/index.ts";
import type { PreflightOptions } from "../../src/preflight/preflight.ts";
import type { Report } from "../../src/report/report.ts";
import { type CheckedInput, checkInput, entryKey, nameHashOf } from "../../src/submit/check-input.ts";
import type { SubmitFile, SubmitOptions } from "../../src/submit/options.ts";
import { serviceInMemory } from "./client-in-memory.ts";

/* The gate: what is asked of a file, what is said where it stays shut, and by what it is known from then on. */

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../fixtures/${name}`, import.meta.url));
const atlas = serviceInMemory().client;

interface Asked {
  options: PreflightOptions[];
  checked: CheckedInput | null;
}
/** Checks a fixture, and tells what was asked of `preflight`. */
async function check(
  name: string,
  options: Partial<SubmitOptions> = {},
  {
    file = {},
    identify = true,
    alwaysHash = false,
  }: { file?: Partial<SubmitFile>; identify?: boolean; alwaysHash?: boolean } = {},
): Promise<Asked> {
  const bytes = await fixture(name);
  const asked: PreflightOptions[] = [];
  const result = await checkInput<string>(
    {
      preflight(_, given) {
        asked.push(given);
        // The second opinions have tests of their own.
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
  return { options: asked, checked: result.outcome === "passed" ? result.checked : null };
}
const policiesOf = ({ options }: Asked): unknown[] => options.map(({ crossCheck }) => crossCheck);

describe("a second opinion", () => {
  const [sound, film, short] = [
    "audio/wav-pcm-stereo-3s.wav",
    "video/mp4-h264-aac.mp4",
    "video/duration-1.9s.mp4",
  ];
  it("is asked about each video, once", async () => {
    expect(policiesOf(await check(film, { type: "video" }))).toEqual(["always"]);
    expect(policiesOf(await check(film))).toEqual(["auto", "always"]);
  });
  it("is asked about other files where something is odd", async () => {
    expect(policiesOf(await check(sound))).toEqual(["auto"]);
    expect(policiesOf(await check(sound, { type: "audio" }))).toEqual(["auto"]);
  });
  it("is not asked about a video that fails anyway", async () => {
    const asked: PreflightOptions[] = [];
    const bytes = await fixture(short);
    const refused = checkInput<string>(
      {
        preflight(_, given) {
          asked.push(given);
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
    expect(asked.map(({ crossCheck }) => crossCheck)).toEqual(["auto"]);
  });
  it.each(["always", "never", "auto"] as const)("is asked as the caller says: %s", async (crossCheck) => {
    expect(policiesOf(await check(film, { crossCheck }))).toEqual([crossCheck]);
    expect(policiesOf(await check(film, { crossCheck, type: "video" }))).toEqual([crossCheck]);
  });
});

describe("what is judged", () => {
  it("is judged by the caller's options, and by nothing of the road", async () => {
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

describe("the gate", () => {
  const refused = async (name: string, options: Partial<SubmitOptions> = {}): Promise<{ report: Report }> => {
    const error = await check(name, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "SubmitError", code: "refused" });
    return error as { report: Report };
  };
  it("says the first reason, how many more there are, and what to do", async () => {
    expect(await refused("image/jpeg-299x300.jpg")).toMatchObject({
      message: expect.stringMatching(/^it did not pass, and was not sent: 299 px wide, under 300 \([^)]*\)$/),
      hint: expect.stringMatching(/^scale to/),
      report: { verdict: "fail" },
    });
    expect(await refused("image/jpeg-300x300.jpg", { strict: true })).toMatchObject({
      message: expect.stringMatching(/, and 1 more$/),
      report: { verdict: "unsure" },
    });
  });
  it("opens for a doubt that the caller accepts", async () => {
    const { checked } = await check("image/jpeg-300x300.jpg", { strict: true, acceptUnsure: true });
    expect(checked?.report.verdict).toBe("unsure");
  });
  it.each([
    [undefined, "fetch the object behind the pointer with git lfs pull, then send the file"],
    ["zh-CN", "先用 git lfs pull 取得指针所指的对象，再发送该文件"],
  ] as const)("says of a Git LFS pointer what it stands for: %s", async (locale, hint) => {
    const { report } = await refused("refused/lfs-pointer.mp4", { locale });
    expect(report.findings).toMatchObject([{ rule: "file/format", hint }]);
    const typed = await refused("refused/lfs-pointer.mp4", { locale, type: "video" });
    expect(typed.report.findings.map(({ rule, hint: told }) => [rule, told === hint])).toContainEqual([
      "video/format",
      true,
    ]);
    expect(typed.report.findings.filter((one) => one.rule !== "video/format" && one.hint === hint)).toEqual(
      [],
    );
  });
  it("says nothing of Git LFS where a format is none that is taken", async () => {
    const { report } = await refused("audio/wav-pcm-stereo-3s.wav", { type: "video" });
    expect(report.findings.map(({ rule }) => rule)).toContain("video/format");
    expect(JSON.stringify(report)).not.toContain("lfs");
  });
  it("tells the report before it shuts", async () => {
    const reports: Report[] = [];
    const options: object = { onReport: (report: Report) => reports.push(report) };
    await refused("image/jpeg-299x300.jpg", options);
    expect(reports).toMatchObject([{ verdict: "fail" }]);
  });
});

describe("what changes while it is checked", () => {
  const sound = "audio/wav-pcm-stereo-3s.wav";
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
    "is not the file that was checked: %s",
    async (_, { stamp = ["1"], probe = [null] }) => {
      const url = probe[0] ? "https://x.test/a" : null;
      const file = {
        url,
        stamp: async () => (stamp.length > 1 ? stamp.shift() : stamp[0]) as string,
        probe: async () => (probe.length > 1 ? probe.shift() : probe[0]) ?? null,
      };
      expect((await check(sound, {}, { file })).checked).toBeNull();
    },
  );
  it("is nothing, of a file that rests", async () => {
    const { signal } = new AbortController();
    const signals: unknown[] = [];
    const file: Partial<SubmitFile> = {
      url: "https://x.test/a",
      probe: async (given) => {
        signals.push(given);
        return { etag: "1", bytes: 1 };
      },
    };
    const { checked } = await check(sound, { signal }, { file });
    expect(checked).toMatchObject({ stamp: null, probed: { etag: "1", bytes: 1 }, sha256: null });
    expect(signals).toEqual([signal, signal]);
  });
  it("is hashed where anything asks for its hash", async () => {
    const hashes = async (
      identify: boolean,
      alwaysHash: boolean,
      url: string | null = null,
    ): Promise<boolean> =>
      (await check(sound, {}, { identify, alwaysHash, file: { url } })).checked?.sha256 !== null;
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
  it("is another one each time for a URL without a strong ETag, which identifies nothing", () => {
    expect(nameHashOf({ ...url, etag: null })).not.toBe(nameHashOf({ ...url, etag: null }));
  });
});

describe("what a file is known by", () => {
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
  it("is for an address what its server says of it", () => {
    const url = { ...file, url: "https://u:p@x.test/a/b.png?sig=SECRET" };
    expect(key({ file: url, probed: { etag: '"1"', bytes: 9 } })).toMatchObject({
      sourceUrl: "https://x.test/a/b.png",
      etag: '"1"',
      bytes: 9,
    });
    expect(key({ file: url })).toMatchObject({ etag: null, bytes: null });
    expect(key({ file: url })).not.toHaveProperty("sha256");
  });
  it("is nothing that comes again where there is no hash", () => {
    const made = [1, 2].map(() => (key({ sha256: null }) as { sha256: string }).sha256);
    for (const hash of made) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});
