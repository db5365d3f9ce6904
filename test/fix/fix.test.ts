import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fix } from "../../src/fix/fix.node.ts";
import { preflight } from "../../src/index.ts";
import { cornerColors, cornered, ffmpeg, ffmpegInstalled, ffprobe, worstDifference } from "./tools.ts";

/* Short clips through the whole of fix(): real ffmpeg as engine, ffprobe as judge. The long list: npm run test:fix. */

const root = mkdtempSync(join(tmpdir(), "fix-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  return path;
}
const fixtures = new URL("../../fixtures/", import.meta.url).pathname;

const wide = join(root, "wide.mp4");
if (ffmpegInstalled)
  ffmpeg(
    ...[
      "-f",
      "lavfi",
      "-i",
      cornered(1440, 810, { seconds: 2.2 }),
      "-f",
      "lavfi",
      "-i",
      "sine=r=48000:d=2.2",
    ],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", wide],
  );

describe.skipIf(!ffmpegInstalled)("fix (needs ffmpeg and ffprobe)", () => {
  test("scales a clip, keeps audio, length, shape and colours, and leaves the original as it was", async () => {
    const before = statSync(wide, { bigint: true });
    const out = folder();
    const shares: number[] = [];
    const result = await fix(wide, { out, onProgress: (share) => shares.push(share) });
    expect(result).toMatchObject({ outcome: "fixed", output: join(out, "wide.fixed.mp4"), reason: null });
    expect(result.plan.steps).toEqual([{ kind: "scale", width: 1280, height: 720, factor: 0.889 }]);
    expect((await preflight(join(out, "wide.fixed.mp4"), { strict: true })).verdict).toBe("pass");
    const { streams, duration } = ffprobe(join(out, "wide.fixed.mp4"));
    expect(streams.map((stream) => stream.codec_name)).toEqual(["h264", "aac"]);
    expect(Math.abs(duration - 2.2)).toBeLessThan(0.1);
    expect(worstDifference(cornerColors(wide, 1), cornerColors(join(out, "wide.fixed.mp4"), 1))).toBeLessThan(
      24,
    );
    expect(statSync(wide, { bigint: true })).toEqual(
      expect.objectContaining({ ino: before.ino, mtimeNs: before.mtimeNs, size: before.size }),
    );
    expect(readdirSync(out)).toEqual(["wide.fixed.mp4"]);
    expect(Math.max(...shares)).toBeGreaterThan(0.9);
  });

  test("trims by copying, and never writes over a file that is there", async () => {
    const at = folder();
    const clip = join(at, "long.mp4");
    copyFileSync(join(fixtures, "video/duration-15.3s.mp4"), clip);
    writeFileSync(join(at, "long.fixed.mp4"), "somebody's own");
    const result = await fix(clip);
    expect(result).toMatchObject({
      outcome: "fixed",
      output: join(at, "long.fixed-2.mp4"),
      plan: { lossless: true },
    });
    expect(readFileSync(join(at, "long.fixed.mp4"), "utf8")).toBe("somebody's own");
    expect(result.report.facts.duration).toBeCloseTo(14.9, 1);
    expect(readdirSync(at).sort()).toEqual(["long.fixed-2.mp4", "long.fixed.mp4", "long.mp4"]);
  });

  test("leaves nothing behind when it is stopped", async () => {
    const out = folder();
    const stop = new AbortController();
    const running = fix(wide, { out, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    expect(readdirSync(out)).toEqual([]);
  });

  test("says that the original changed where it is removed meanwhile, and leaves no copy", async () => {
    const at = folder();
    const clip = join(at, "gone.mp4");
    copyFileSync(wide, clip);
    const running = fix(clip, { onProgress: () => rmSync(clip, { force: true }) });
    await expect(running).rejects.toMatchObject({ code: "changed", retryable: true });
    expect(readdirSync(at)).toEqual([]);
  });

  test("keeps the label that a clip is made by AI, and says that a C2PA manifest ends", async () => {
    const at = folder();
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><Iptc4xmpExt:DigitalSourceType>trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType></x:xmpmeta>`;
    const box = Buffer.concat([
      Buffer.from([0, 0, 0, 24 + xmp.length]),
      Buffer.from("uuid"),
      Buffer.from("be7acfcb97a942e89c71999491e3afac", "hex"),
      Buffer.from(xmp),
    ]);
    const free = Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from("freejumbc2pa")]);
    const clip = join(at, "made.mp4");
    writeFileSync(clip, Buffer.concat([readFileSync(join(fixtures, "video/duration-15.3s.mp4")), box, free]));
    const result = await fix(clip);
    expect(result.plan.losses).toEqual([{ kind: "c2pa", detail: null }]);
    expect(readFileSync(result.output ?? "", "latin1")).toContain("trainedAlgorithmicMedia");
    expect(result.report.verdict).toBe("pass");
  });

  test("keeps text subtitles and both audio tracks of an MKV, and finds no damage in it", async () => {
    const at = folder();
    const [subtitles, clip] = [join(at, "words.srt"), join(at, "clip.mkv")];
    writeFileSync(subtitles, "1\n00:00:00,500 --> 00:00:01,500\nHello\n");
    ffmpeg(
      ...["-i", join(fixtures, "video/mp4-h264-aac.mp4"), "-i", subtitles],
      ...["-map", "0:v", "-map", "0:a", "-map", "0:a", "-map", "1", "-c", "copy", "-c:s", "srt", clip],
    );
    const result = await fix(clip);
    expect(result).toMatchObject({ outcome: "fixed", plan: { losses: [] } });
    const kinds = ffprobe(result.output ?? "").streams.map((stream) => stream.codec_type);
    expect(kinds).toEqual(["video", "audio", "audio", "subtitle"]);
    for (const file of [clip, result.output ?? ""]) {
      const { findings } = await preflight(file, { decode: true });
      expect(findings.filter(({ reason }) => reason === "damaged")).toEqual([]);
    }
  });

  test.each(["audio.ts", "audio.flv", "audio.avi", "audio.wma"])(
    "makes an audio file of %s, a container of videos that has audio only",
    async (name) => {
      const at = folder();
      ffmpeg("-f", "lavfi", "-i", "sine=r=44100:d=3", join(at, name));
      const result = await fix(join(at, name));
      expect(result).toMatchObject({ outcome: "fixed", output: join(at, "audio.fixed.mp3") });
      expect(result.report).toMatchObject({ verdict: "pass", type: "audio" });
      // Declared as a video it has no picture.
      expect((await fix(join(at, name), { type: "video" })).outcome).toBe("cannot");
    },
  );

  test("reads by an engine what a table without a format row leaves unread of a WebM and a FLAC", async () => {
    const at = folder();
    const speed = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"];
    ffmpeg("-f", "lavfi", "-i", cornered(320, 256, { seconds: 2.2 }), ...speed, join(at, "clip.webm"));
    ffmpeg("-f", "lavfi", "-i", "sine=d=3", join(at, "tone.flac"));
    for (const [name, copy] of [
      ["clip.webm", "clip.fixed.mp4"],
      ["tone.flac", "tone.fixed.wav"],
    ] as const) {
      const rules = "minimax-h3";
      expect((await preflight(join(at, name), { rules })).findings[0]?.reason).toBe("unread");
      expect(await fix(join(at, name), { rules })).toMatchObject({
        outcome: "fixed",
        output: join(at, copy),
        report: { verdict: "pass" },
      });
    }
  });

  test("makes only a video more compatible that passes already", async () => {
    const at = folder();
    ffmpeg("-f", "lavfi", "-i", cornered(400, 400, { rate: 5, seconds: 1 }), join(at, "loop.gif"));
    copyFileSync(join(fixtures, "image/jpeg-640x480.jpg"), join(at, "photo.jpg"));
    copyFileSync(join(fixtures, "video/mp4-h264-aac.mp4"), join(at, "plain.mp4"));
    const made = [...["-f", "lavfi", "-i", cornered(854, 480, { seconds: 2.2 })], "-preset", "ultrafast"];
    ffmpeg(...made, "-c:v", "libx264", "-pix_fmt", "yuv444p", join(at, "full-color.mp4"));
    for (const name of ["loop.gif", "photo.jpg", "plain.mp4"])
      expect(await fix(join(at, name), { compatible: true })).toMatchObject({
        outcome: "fits",
        reason: null,
      });
    const { output } = await fix(join(at, "full-color.mp4"), { compatible: true });
    expect(ffprobe(output ?? "").streams[0]?.pix_fmt).toBe("yuv420p");
  });

  test("plans without writing", async () => {
    const out = folder();
    expect(await fix(wide, { out, dryRun: true })).toMatchObject({ outcome: "planned", output: null });
    expect(readdirSync(out)).toEqual([]);
  });

  test.each([
    ["what passes", "video/mp4-h264-aac.mp4", "fits", undefined],
    ["what is too short", "video/duration-1.9s.mp4", "cannot", "too-short"],
    ["what is damaged", "damaged/mp4-cut-in-mdat.mp4", "cannot", "damaged"],
    ["camera raw", "refused/camera-raw.dng", "cannot", "camera-raw"],
    ["a drawing", "refused/drawing.svg", "cannot", "no-decoder"],
    ["a page", "refused/page-named.mp4", "cannot", "not-media"],
    ["an empty file", "damaged/empty.mp4", "cannot", "empty"],
  ])("does nothing to %s", async (_, name, outcome, code) => {
    const out = folder();
    const result = await fix(join(fixtures, name), { out });
    expect([result.outcome, result.reason?.code, result.output]).toEqual([outcome, code, null]);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe.skipIf(!ffmpegInstalled)("hostile names and files do no harm (needs ffmpeg)", () => {
  test("a name that looks like a pattern, a protocol or a flag is that file", async () => {
    for (const name of [
      "%d.jpg",
      "concat:a|b.jpg",
      "-y.jpg",
      "a;touch x.jpg",
      "$(touch x).jpg",
      "img%03d.jpg",
    ]) {
      const at = folder();
      copyFileSync(join(fixtures, "image/jpeg-299x300.jpg"), join(at, name));
      // A neighbour that a pattern would match.
      copyFileSync(join(fixtures, "image/jpeg-400x1004.jpg"), join(at, "1.jpg"));
      const result = await fix(join(at, name));
      expect([name, result.outcome, result.report.facts.width]).toEqual([name, "fixed", 301]);
      expect(readdirSync(at)).toHaveLength(3);
    }
  });

  test("a drawing named .png, a playlist named .mp4 and a concat script open no other file", async () => {
    const at = folder();
    const secret = join(at, "secret.txt");
    writeFileSync(secret, "secret");
    const hostile: Record<string, string> = {
      "drawing.png": `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><image href="${secret}"/></svg>`,
      "playlist.mp4": `#EXTM3U\n#EXTINF:5,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
      "script.mkv": `ffconcat version 1.0\nfile '${secret}'\n`,
    };
    for (const [name, text] of Object.entries(hostile)) {
      writeFileSync(join(at, name), text);
      expect((await fix(join(at, name))).outcome).toBe("cannot");
    }
    expect(readdirSync(at).sort()).toEqual(["drawing.png", "playlist.mp4", "script.mkv", "secret.txt"]);
  });

  test("a link is followed for reading, and the copy is written beside the link", async () => {
    const [here, there] = [folder(), folder()];
    copyFileSync(join(fixtures, "image/jpeg-299x300.jpg"), join(there, "real.jpg"));
    symlinkSync(join(there, "real.jpg"), join(here, "link.jpg"));
    expect((await fix(join(here, "link.jpg"))).output).toBe(join(here, "link.fixed.jpg"));
    expect(readdirSync(there)).toEqual(["real.jpg"]);
    // Where the copy would go, a link to somewhere else: it is not written through.
    symlinkSync(join(there, "victim.jpg"), join(here, "real.fixed.jpg"));
    copyFileSync(join(there, "real.jpg"), join(here, "real.jpg"));
    expect((await fix(join(here, "real.jpg"))).output).toBe(join(here, "real.fixed-2.jpg"));
    expect(existsSync(join(there, "victim.jpg"))).toBe(false);
  });

  test("files with flipped bytes end in a result, within bounds", async () => {
    const original = readFileSync(wide);
    const at = folder();
    for (let seed = 1; seed <= 6; seed++) {
      const bytes = Buffer.from(original);
      for (let i = 0; i < 40; i++) {
        const where = (seed * 7919 * (i + 1) * 104_729) % bytes.length;
        bytes[where] = (bytes[where] ?? 0) ^ (1 << (i % 8));
      }
      writeFileSync(join(at, `fuzz-${seed}.mp4`), bytes);
      const result = await fix(join(at, `fuzz-${seed}.mp4`), { deadline: 60_000, dryRun: seed > 2 });
      expect(["fixed", "cannot", "fits", "planned"]).toContain(result.outcome);
      if (result.outcome === "fixed") expect(result.report.verdict).toBe("pass");
    }
    expect(readdirSync(at).filter((name) => name.startsWith("."))).toEqual([]);
  });
});
