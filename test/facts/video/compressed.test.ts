import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ascii, box, concat, words } from "../../../fixtures/make/mp4-edit.ts";
import { ftyp, movie, track } from "./movies.ts";
import { readCounted } from "./read-counted.ts";

/* QuickTime's compressed movie headers. */

const media = box("mdat", new Uint8Array(480));
const whole = movie([track()]);
const moov = whole.subarray(ftyp.length + media.length);
const compressed = (data: Uint8Array, by = "zlib", ...more: Uint8Array[]): Uint8Array =>
  concat(
    ftyp,
    media,
    box("moov", box("cmov", box("dcom", ascii(by)), box("cmvd", words(data.length), data), ...more)),
  );
const unread = [{ fact: "all", why: { code: "unsupported", what: "a compressed movie header (cmov)" } }];

describe("a compressed movie header", () => {
  it("gives the same facts as an uncompressed one", async () => {
    const { evidence } = await readCounted(compressed(deflateSync(moov)));
    const plain = (await readCounted(whole)).evidence;
    expect(evidence.facts).toEqual({ ...plain.facts, bytes: evidence.facts.bytes });
    expect([evidence.unread, evidence.damage]).toEqual([[], []]);
  });
  it("may have other boxes next to it, and before the moov inside", async () => {
    const inside = concat(box("free", new Uint8Array(9)), moov, box("moov"));
    const { evidence } = await readCounted(
      compressed(deflateSync(inside), "zlib", box("free", new Uint8Array(5))),
    );
    expect(evidence.facts).toMatchObject({ width: 640, duration: 2 });
  });
  it.each([
    ["by another method", compressed(deflateSync(moov), "bzip")],
    [
      "by no stated method",
      concat(ftyp, media, box("moov", box("cmov", box("cmvd", words(0), deflateSync(moov))))),
    ],
    [
      "by a method that is cut",
      concat(
        ftyp,
        media,
        box("moov", box("cmov", box("dcom", ascii("zl")), box("cmvd", words(0), deflateSync(moov)))),
      ),
    ],
    ["without data", concat(ftyp, media, box("moov", box("cmov", box("dcom", ascii("zlib")))))],
    ["of data that are none", compressed(ascii("no deflated data at all"))],
    ["of data that break off", compressed(deflateSync(moov).subarray(0, -40))],
    ["of no movie", compressed(deflateSync(box("free", new Uint8Array(99))))],
    ["of more than four megabytes", compressed(deflateSync(concat(moov, new Uint8Array(5 << 20))))],
    [
      "in itself",
      compressed(
        deflateSync(
          box("moov", box("cmov", box("dcom", ascii("zlib")), box("cmvd", words(0), deflateSync(moov)))),
        ),
      ),
    ],
  ])("%s is not read, and does not pass", async (_, bytes) => {
    const { evidence } = await readCounted(bytes);
    expect(evidence.facts.width).toBeNull();
    expect([...evidence.unread, ...evidence.damage.map((d) => d.code)]).not.toEqual([]);
  });
  it("reports that it was not read", async () =>
    expect((await readCounted(compressed(deflateSync(moov), "bzip"))).evidence.unread).toEqual(unread));
  it("is read up to four megabytes uncompressed", async () => {
    const padded = concat(moov, box("free", new Uint8Array(4 * 1024 * 1024 - moov.length - 8)));
    expect(padded.length).toBe(4 * 1024 * 1024);
    expect((await readCounted(compressed(deflateSync(padded)))).evidence.facts.width).toBe(640);
    expect((await readCounted(compressed(deflateSync(concat(padded, words(0)))))).evidence.unread).toEqual(
      unread,
    );
  });
});
