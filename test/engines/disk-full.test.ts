import { expect, it } from "vitest";
import { diskFullError } from "../../src/engines/disk-full.ts";

// What ffmpeg 5.1 and libvips 8.18 wrote on a full tmpfs, and the text of a quota (errno EDQUOT).
it.each([
  "Error writing trailer of o.mp4: No space left on device\nError closing file o.mp4: No space left on device\n",
  "x.png: write error\nsystem error: No space left on device\nwbuffer_write: write failed",
  "Error writing trailer of o.mp4: Disk quota exceeded\n",
])("a disk without room is an error of its own, not a file that cannot be decoded: %s", (line) => {
  expect(diskFullError(line)).toMatchObject({
    code: "unreadable",
    message: expect.stringMatching(/^cannot write the copy: /),
    hint: "free space there, or give another folder with --out",
  });
});

it("other failures of an engine are not", () => {
  expect(diskFullError("Invalid data found when processing input")).toBeNull();
});
