import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { readEvidence } from "../read-evidence.ts";
import { type Claims, count, header, hundred, type Kind, tagFrame, whole } from "./mp3-tags.ts";
import { bytesOf, evidenceOf, frames, id3 } from "./sound.ts";

/* MP3 whose tag in the first frame is held against the file: what of it is read for that, and what is missing. */

describe("what is read of a long file", () => {
  // 48 kHz: every frame has 384 bytes, without padding now and then.
  const kind: Kind = { rate: 1 };
  const long = frames(1000, header(kind), 384);
  const tagged = (claims: Claims): Uint8Array => tagFrame(claims, kind, 21, 384);
  const size = long.length;
  const readOf = async (...parts: Uint8Array[]): Promise<boolean> => {
    const bytes = bytesOf(...parts);
    let read = 0;
    const source = {
      ...fromBytes(bytes),
      grain: 4096,
      read: (offset: number, length: number) => {
        read += Math.min(length, bytes.length - offset);
        return bytes.subarray(offset, offset + length);
      },
    };
    await readEvidence(source, { budgets: { milliseconds: Number.POSITIVE_INFINITY } });
    return read > size / 2;
  };
  test("is its beginning and its end, where the tag and the bit rate agree", async () => {
    expect(await readOf(tagged({ frames: 1000, bytes: size + 384 }), long)).toBe(false);
    expect(await readOf(tagged({ frames: 1000, bytes: size }), long)).toBe(false);
    expect(await readOf(id3(3000), tagged({ frames: 1000, bytes: size + 384 }), long)).toBe(false);
    expect(await readOf(tagged({ frames: 1000, bytes: size + 384 }), long, id3(300))).toBe(false);
    expect(
      await readOf(tagged({ frames: 1000, bytes: size + 384 }), long, bytesOf("TAG", new Uint8Array(125))),
    ).toBe(false);
  });
  test("is all of it where they do not, or the tag does not say enough", async () => {
    expect(await readOf(tagged({ frames: 990, bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1010, bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000, bytes: size + 5 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000, bytes: size - 3840 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000 }), long)).toBe(true);
    expect(await readOf(tagged({ bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(long)).toBe(true);
  });
});

describe("a file that ends before its tag does", () => {
  const tagged = bytesOf(tagFrame(whole), hundred);
  const cutTo = async (kept: number, bytes: number): Promise<string> => {
    const evidence = await evidenceOf(tagged.subarray(0, (kept + 1) * 417 + bytes));
    const broken = evidence.damage.map(
      (d) => `${d.certain ? "" : "perhaps "}${d.code} at ${d.at} by ${d.missing}`,
    );
    return [count(evidence), ...broken].join("; ");
  };
  test("in a frame, between frames, and by all but a sample", async () => {
    expect(await cutTo(60, 200)).toBe(
      `100 header, 60 all-frames; cut-short at ${61 * 417} by ${40 * 417 - 200}`,
    );
    expect(await cutTo(60, 0)).toBe(
      `100 header, 60 all-frames; perhaps cut-short at ${61 * 417} by ${40 * 417}`,
    );
    expect(await cutTo(11, 0)).toMatch(/^100 header, 11 all-frames; perhaps cut-short/);
    expect(await cutTo(10, 0)).toBe("100 header, 10 all-frames");
    expect(await cutTo(99, 400)).toBe(`99 all-frames; cut-short at ${100 * 417} by 17`);
    expect(await cutTo(99, 0)).toBe("99 all-frames");
    expect(await cutTo(100, 0)).toBe("100 all-frames");
  });
  test("behind junk the frames that are there come first", async () => {
    const evidence = await evidenceOf(id3(5), new Uint8Array(300), tagged.subarray(0, 61 * 417));
    expect(count(evidence)).toBe("60 all-frames, 100 header");
  });
  test("is a lie, no cut, where its bytes a frame are not those of the stream", async () => {
    const claim = (bytes: number) => bytesOf(tagFrame({ frames: 100, bytes }), frames(60));
    const cut = async (bytes: number): Promise<number> => (await evidenceOf(claim(bytes))).damage.length;
    expect(await cut(100 * 417)).toBe(1);
    expect(await cut(100 * 830)).toBe(1);
    expect(await cut(100 * 840)).toBe(0);
    const sample = async (bytes: number): Promise<string> =>
      count(await evidenceOf(tagFrame({ frames: 1000, bytes: 1000 * bytes }), frames(60)));
    expect(await sample(220)).toBe("1000 header, 60 all-frames");
    expect(await sample(200)).toBe("60 all-frames, 1000 header");
  });
  test("is told with what is cut, and where", async () => {
    const { damage } = await evidenceOf(tagged.subarray(0, 100 * 417 + 400));
    expect(damage).toEqual([
      { code: "cut-short", part: "frames", at: 100 * 417, missing: 17, certain: true },
    ]);
  });
});
