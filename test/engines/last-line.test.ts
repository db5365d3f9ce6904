import { expect, test } from "vitest";
import { lastLine } from "../../src/engines/ffmpeg/probe.node.ts";

test.each([
  ["", "it gave no reason"],
  ["first\n[mov @ 0x55d0] moov atom not found\nfile:/a/b.mp4: Invalid data\n", "the file: Invalid data"],
  // The list has more than 1,000 characters.
  [
    "[asf @ 0x55d0] Codec (wmv3image) not on whitelist 'h264,hevc,av1'\n",
    "Codec (wmv3image) is not among those that are decoded here",
  ],
])("what a program wrote last, %j, is one short line", (stderr, line) => {
  expect(lastLine(stderr, "/a/b.mp4")).toBe(line);
});
