import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preflight } from "../../src/index.ts";
import { checkGrains, checkOnce } from "./check.ts";
import { readCorpus } from "./corpus.ts";

const runs = { numRuns: 150, seed: 20_261_122 };
const corpus = readCorpus(64 * 1024);
const aFile = fc.constantFrom(...corpus);
const signatures = [
  ..."RIFF\0\0\0\0WAVEfmt |RF64\0\0\0\0WAVE|RIFX\0\0\0\0WAVE|ID3\x04\0\0\0\0\0\0|GIF89a|BM|II*\0|MM\0*|II+\0\x08\0\0\0".split(
    "|",
  ),
  "\xff\xfb\x90\x64",
  "\xff\xd8\xff\xe0",
  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
  "RIFF\0\0\0\0WEBPVP8X",
  "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
  "\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08moov",
  "\0\0\0\x14ftypqt  \0\0\0\0qt  ",
  "",
].map((text) => Buffer.from(text, "latin1"));
const afterSignature = fc
  .tuple(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 600, size: "max" }))
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe("any bytes", () => {
  test("give evidence, the same however they are served", async () => {
    await fc.assert(
      fc.asyncProperty(afterSignature, async (bytes) => {
        const { evidence, wrong } = await checkOnce(bytes);
        expect(wrong).toBeNull();
        if (evidence) expect(await checkGrains(bytes, evidence)).toBeNull();
      }),
      runs,
    );
  });

  test("give the same report as bytes, as an ArrayBuffer and as a Blob, and never a pass", async () => {
    await fc.assert(
      fc.asyncProperty(afterSignature, async (bytes) => {
        const report = await preflight(bytes, { crossCheck: "never" });
        const copy = bytes.slice();
        expect(await preflight(copy.buffer, { crossCheck: "never" })).toEqual(report);
        expect(await preflight(new Blob([copy]), { crossCheck: "never" })).toEqual(report);
        expect(report.verdict).not.toBe("pass");
      }),
      runs,
    );
  });
});

/**
 * Files that state no length: frames or samples until the end. If such a file is cut between two of them, it is a
 * valid, shorter file.
 */
const endless =
  /mp3-(no-xing|silent|free|two-id3v2|junk|rate|apev2|lyrics3|mpeg-2|concatenated)|wav-streamed/;

describe("a file that is cut anywhere", () => {
  test("passes only with the same facts as the complete file", async () => {
    await fc.assert(
      fc.asyncProperty(aFile, fc.double({ min: 0, max: 1, noNaN: true }), async ({ path, bytes }, share) => {
        const cut = bytes.subarray(0, Math.floor(share * bytes.length));
        const report = await preflight(cut, { crossCheck: "never" });
        if (report.verdict !== "pass" || endless.test(path)) return;
        const whole = await preflight(bytes, { crossCheck: "never" });
        expect(whole.verdict, `${path} at ${cut.length} of ${bytes.length}`).toBe("pass");
        expect({ path, cut: cut.length, ...report.facts, bytes: 0 }).toEqual({
          path,
          cut: cut.length,
          ...whole.facts,
          bytes: 0,
        });
      }),
      { ...runs, numRuns: 600 },
    );
  });

  test("is read in the same way however it is served", async () => {
    await fc.assert(
      fc.asyncProperty(aFile, fc.double({ min: 0, max: 1, noNaN: true }), async ({ bytes }, share) => {
        const cut = bytes.subarray(0, Math.floor(share * bytes.length));
        const { evidence, wrong } = await checkOnce(cut);
        expect(wrong).toBeNull();
        if (evidence) expect(await checkGrains(cut, evidence)).toBeNull();
      }),
      runs,
    );
  });
});
