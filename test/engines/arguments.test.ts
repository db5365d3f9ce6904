import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { ffmpegArguments, shellQuoted } from "../../src/engines/ffmpeg/arguments.ts";
import { decoders, demuxers } from "../../src/engines/ffmpeg/demuxers.ts";
import { allowedDecoders, inputArguments } from "../../src/engines/ffmpeg/input-arguments.ts";
import type { ImageJob } from "../../src/engines/job.ts";

const job: ImageJob = {
  ...{
    kind: "image",
    from: "jpeg",
    shown: { width: 400, height: 300 },
    maxBytes: 1000,
    toSrgb: null,
    animated: false,
    bitDepth: 8,
  },
  ...{ orientation: 6, decoders: ["mjpeg"], encodings: [{ format: "png", quality: null }] },
  picture: { crop: null, scale: { width: 300, height: 225 }, pad: null, background: null },
};

describe("arguments for a hostile file", () => {
  const args = ffmpegArguments(job, "/media/%d.jpg", "/tmp/out.png", { encoders: null });
  const valueAfter = (name: string): string | undefined => args[args.indexOf(name) + 1];
  test("name demuxer, decoders, protocols and bounds before the input", () => {
    const input = args.slice(0, args.indexOf("-i"));
    expect(input).toContain("-nostdin");
    expect(valueAfter("-f")).toBe("jpeg_pipe");
    expect(valueAfter("-codec_whitelist")).toBe("mjpeg");
    expect(valueAfter("-protocol_whitelist")).toBe("file,pipe");
    for (const guard of ["-max_pixels", "-max_alloc"]) expect(input).toContain(guard);
    expect(args).toContain("-fs");
    expect(valueAfter("-i")).toBe("file:/media/%d.jpg");
    expect(args.at(-1)).toBe("file:/tmp/out.png");
  });
  test("let no decoder run that is not on the list", () => {
    expect(allowedDecoders(["h264", "av1", "mystery", "ass"])).toEqual([
      "h264",
      "libdav1d",
      "libaom-av1",
      "av1",
    ]);
    expect(inputArguments("mkv", ["mystery"])).toContain("none");
    expect(() => inputArguments("svg", [])).toThrow(RangeError);
    const dangerous = ["hls", "concat", "dash", "image2", "lavfi", "sdp", "rtsp", "imf"];
    expect(Object.values(demuxers).filter((name) => dangerous.includes(name))).toEqual([]);
    expect(decoders.filter((name) => /ass|srt|text|svg|ansi|tty|librsvg/.test(name))).toEqual([]);
  });
});

describe("a command to copy", () => {
  test("has no guards, and names that no shell changes", () => {
    const args = ffmpegArguments(job, "it's 100%.jpg", "-out.png", { encoders: null, guarded: false });
    expect(args.join(" ")).not.toMatch(/whitelist|max_alloc|nostdin/);
    expect(args).toContain("file:it's 100%.jpg");
    expect(args.at(-1)).toBe("file:-out.png");
  });
  test.skipIf(process.platform === "win32")("is read back by a shell as it was", () => {
    for (const name of [
      "a b",
      "it's",
      "$HOME",
      "`id`",
      "a\nb",
      "*.mp4",
      "~",
      "!x",
      'q"q',
      "#rrggbb",
      "中文.mp4",
      "",
    ]) {
      const back = execFileSync("/bin/sh", ["-c", `printf %s ${shellQuoted(name)}`], { encoding: "utf8" });
      expect(back).toBe(name);
    }
  });
});
