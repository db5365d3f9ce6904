import { describe, expect, test } from "vitest";
import { fromBytes } from "../../../src/bytes/memory.ts";
import { readEvidence } from "../read-evidence.ts";
import { bytesOf, evidenceOf, frames, id3 } from "./audio-bytes.ts";
import { type Claims, count, header, hundred, type Kind, tagFrame, whole } from "./mp3-tags.ts";

/* The tag in an MP3's first frame compared with the file: which bytes are read, and what is missing. */

describe("bytes read of a long MP3", () => {
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
      minReadSize: 4096,
      read: (offset: number, length: number) => {
        read += Math.min(length, bytes.length - offset);
        return bytes.subarray(offset, offset + length);
      },
    };
    await readEvidence(source, { budgets: { milliseconds: Number.POSITIVE_INFINITY } });
    return read > size / 2;
  };
  test("are its beginning and end if the tag and the bit rate agree", async () => {
    expect(await readOf(tagged({ frames: 1000, bytes: size + 384 }), long)).toBe(false);
    expect(await readOf(tagged({ frames: 1000, bytes: size }), long)).toBe(false);
    expect(await readOf(id3(3000), tagged({ frames: 1000, bytes: size + 384 }), long)).toBe(false);
    expect(await readOf(tagged({ frames: 1000, bytes: size + 384 }), long, id3(300))).toBe(false);
    expect(
      await readOf(tagged({ frames: 1000, bytes: size + 384 }), long, bytesOf("TAG", new Uint8Array(125))),
    ).toBe(false);
  });
  test("are all of it if they disagree or the tag states too little", async () => {
    expect(await readOf(tagged({ frames: 990, bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1010, bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000, bytes: size + 5 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000, bytes: size - 3840 }), long)).toBe(true);
    expect(await readOf(tagged({ frames: 1000 }), long)).toBe(true);
    expect(await readOf(tagged({ bytes: size + 384 }), long)).toBe(true);
    expect(await readOf(long)).toBe(true);
  });
});

describe("an MP3 that ends before its tag says", () => {
  const tagged = bytesOf(tagFrame(whole), hundred);
  const cutTo = async (kept: number, bytes: number): Promise<string> => {
    const evidence = await evidenceOf(tagged.subarray(0, (kept + 1) * 417 + bytes));
    const broken = evidence.damage.map(
      (d) => `${d.certain ? "" : "perhaps "}${d.code} at ${d.at} by ${d.missing}`,
    );
    return [count(evidence), ...broken].join("; ");
  };
  test("is cut in a frame, between frames, or by all but a part", async () => {
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
  test("after junk counts its frames first", async () => {
    const evidence = await evidenceOf(id3(5), new Uint8Array(300), tagged.subarray(0, 61 * 417));
    expect(count(evidence)).toBe("60 all-frames, 100 header");
  });
  test("has a wrong tag, and is not cut, if its bytes per frame differ from the stream's", async () => {
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
  test("reports what is cut, and where", async () => {
    const { damage } = await evidenceOf(tagged.subarray(0, 100 * 417 + 400));
    expect(damage).toEqual([
      { code: "cut-short", part: "frames", at: 100 * 417, missing: 17, certain: true },
    ]);
  });
});
