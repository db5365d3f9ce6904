import fc from "fast-check";
import { expect, test } from "vitest";
import { BlobWriter } from "../../src/engines/blob-writer.ts";

test("writes at any position give what writing into an array gives", async () => {
  const write = fc.record({
    data: fc.uint8Array({ maxLength: 40 }),
    position: fc.option(fc.nat(200), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 20 }), async (writes) => {
      const writer = new BlobWriter();
      const expected = new Uint8Array(2000);
      let end = 0;
      for (const { data, position } of writes) {
        const at = position ?? writer.size;
        const bytes = new Uint8Array(data);
        writer.write(bytes, at);
        expected.set(data, at);
        end = Math.max(end, at + data.length);
        // The caller's buffer is its own again.
        bytes.fill(7);
      }
      const blob = writer.finish("video/mp4");
      expect(blob.type).toBe("video/mp4");
      const found = new Uint8Array(await blob.arrayBuffer());
      expect(found.length).toBe(writer.size);
      expect(found.slice(0, end)).toEqual(expected.slice(0, end));
    }),
  );
});

test("many megabytes written in order stay in order", async () => {
  const writer = new BlobWriter();
  const part = new Uint8Array(3 * 2 ** 20);
  for (let n = 0; n < 5; n++) writer.write(part.fill(n), n * part.length);
  writer.write(new Uint8Array([9]), 1);
  const found = new Uint8Array(await writer.finish("").arrayBuffer());
  expect(found.length).toBe(15 * 2 ** 20);
  expect([0, 1, 2, 3, 4].map((n) => found[n * part.length + 2])).toEqual([0, 1, 2, 3, 4]);
  expect(found[1]).toBe(9);
});
