import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openRegularFile, readRegularFile } from "../../src/bytes/open-file.node.ts";

/* Only regular files are opened; everything else is refused at once, without waiting. */

const folder = mkdtempSync(join(tmpdir(), "open-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const plain = at("plain.bin");
writeFileSync(plain, "0123456789");

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}

describe.skipIf(process.platform === "win32")("anything but a regular file is refused", () => {
  it.each([
    ["a missing file", () => at("none.mp4"), "not-found", "no such file", "check the spelling"],
    [
      "a path through a file",
      () => join(plain, "none.mp4"),
      "not-found",
      "no such file: a part of the path is not a directory",
      "check the spelling",
    ],
    ["a directory", () => folder, "unreadable", "this is a directory", "name a regular file"],
    ["a device", () => "/dev/zero", "unreadable", "this is a device", "name a regular file"],
    [
      "a FIFO without a writer",
      () => {
        execFileSync("mkfifo", [at("fifo.mp4")]);
        return at("fifo.mp4");
      },
      "unreadable",
      "this is a named pipe (FIFO)",
      "name a regular file",
    ],
    [
      "a link to a FIFO",
      () => {
        symlinkSync("fifo.mp4", at("fifo-link.mp4"));
        return at("fifo-link.mp4");
      },
      "unreadable",
      "this is a named pipe (FIFO)",
      "name a regular file",
    ],
    [
      "a link to itself",
      () => {
        symlinkSync("loop", at("loop"));
        return at("loop");
      },
      "unreadable",
      "too many symbolic links",
      null,
    ],
    [
      "a dangling link",
      () => {
        symlinkSync("nowhere", at("dangling.mp4"));
        return at("dangling.mp4");
      },
      "not-found",
      "no such file",
      "check the spelling",
    ],
    ["a name too long", () => at("x".repeat(300)), "unreadable", "cannot be read (ENAMETOOLONG)", null],
  ])("%s", (_, prepare, code, message, hint) => {
    const path = prepare();
    const expected = { code, message: expect.stringContaining(message), hint };
    expect(errorOf(() => openRegularFile(path))).toMatchObject(expected);
    expect(errorOf(() => readRegularFile(path, { maxBytes: 100 }))).toMatchObject(expected);
  });
  it("a socket", async () => {
    const path = at("socket.mp4");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(errorOf(() => openRegularFile(path))).toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("this is a socket"),
    });
    server.close();
  });
});

describe("a size bound", () => {
  it("refuses a larger file before it is read, and allows one of exactly that size", () => {
    expect(readRegularFile(plain, { maxBytes: 10 }).toString()).toBe("0123456789");
    const tooLarge = { code: "unreadable", message: expect.stringContaining("larger than 9 bytes") };
    expect(errorOf(() => readRegularFile(plain, { maxBytes: 9 }))).toMatchObject(tooLarge);
    expect(errorOf(() => openRegularFile(plain, { maxBytes: 9 }))).toMatchObject(tooLarge);
  });
  it.skipIf(process.platform !== "linux")("applies to a file whose reported size is 0", () => {
    // Linux states no size for files of /proc.
    expect(readRegularFile("/proc/self/status", { maxBytes: 100_000 }).length).toBeGreaterThan(200);
    expect(errorOf(() => readRegularFile("/proc/self/status", { maxBytes: 50 }))).toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("larger than 50 bytes"),
    });
  });
});

it("gives the size and the identity of the opened file", () => {
  const { fd, size, stats } = openRegularFile(plain);
  closeSync(fd);
  expect(size).toBe(10);
  expect(stats.ino).toBeGreaterThan(0n);
});

it("reads a file of several megabytes, and an empty one", () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  writeFileSync(at("large.bin"), bytes);
  expect(readRegularFile(at("large.bin"), { maxBytes: 3_000_000 }).equals(bytes)).toBe(true);
  writeFileSync(at("empty.bin"), "");
  expect(readRegularFile(at("empty.bin"), { maxBytes: 0 })).toHaveLength(0);
});
