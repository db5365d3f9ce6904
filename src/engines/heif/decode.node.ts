import { open as openFile, readdir, readFile, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import { diskFullError } from "../disk-full.ts";
import type { RunOptions } from "../engine.ts";
import { findProgram } from "../find-program.node.ts";
import type { Size } from "../job.ts";
import { runProgram } from "../run-program.node.ts";

/** A decoder for HEIC: libheif's program, or the heic-decode package. */
export interface HeifDecoder {
  version: string;
  /**
   * Writes the primary picture, upright, as PNG.
   * @param shown the size of the picture to decode, which identifies it among the file's pictures
   * @throws MediaPreflightError
   */
  toPng(input: string, output: string, shown: Size, options?: RunOptions): Promise<void>;
}

const defaultDeadline = 2 * 60_000;
/** Larger pictures are not decoded within this process. */
const maxBytes = 100 * 2 ** 20;

/** A decoder for HEIC and HEIF stills, or null if none is installed. */
export async function heifDecoder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<HeifDecoder | null> {
  for (const name of ["heif-convert", "heif-dec"]) {
    const program = findProgram(name, env);
    if (program) return programDecoder(program, name);
  }
  return await packageDecoder();
}

function programDecoder(program: string, name: string): HeifDecoder {
  return {
    version: name,
    async toPng(input, output, shown, options = {}) {
      const { code, stderr, stdout } = await runProgram(program, ["--quiet", input, output], {
        signal: options.signal,
        deadline: options.deadline ?? defaultDeadline,
        cwd: dirname(output),
      });
      if (writeFailed.test(stderr)) throw notWritten();
      if (code !== 0) {
        const reason = (stderr || stdout).replaceAll(input, "the file").trim().split("\n").at(-1);
        throw new MediaPreflightError(
          "engine-failed",
          `${name} cannot decode it: ${reason || "it gave no reason"}`,
        );
      }
      await keepPrimaryPicture(output, shown);
      if (!(await isComplete(output))) throw notWritten();
    },
  };
}

/** What libpng prints; the program may end with success nevertheless. */
const writeFailed = /^libpng error: Write Error/m;

function notWritten(): MediaPreflightError {
  return new MediaPreflightError("unreadable", "cannot write the decoded picture: the disk may be full", {
    hint: "free space there, or give another folder with --out",
  });
}

/** Whether a PNG ends with IEND: its last bytes are written when the program closes the file, and not checked then. */
async function isComplete(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, Math.max(size - 8, 0));
    return buffer.toString("latin1", 0, 4) === "IEND";
  } finally {
    await file.close();
  }
}

/**
 * libheif writes all pictures of a file with several, as name-1.png, name-2.png, …: the one of the right size is the
 * primary one, if no other has that size.
 */
async function keepPrimaryPicture(output: string, shown: Size): Promise<void> {
  const folder = dirname(output);
  const stem = basename(output, ".png");
  const several = (await readdir(folder)).filter(
    (name) => name.startsWith(`${stem}-`) && name.endsWith(".png"),
  );
  if (several.length === 0) return;
  const sizes = await Promise.all(several.map((name) => pngSize(join(folder, name))));
  const fitting = several.filter(
    (_, i) => sizes[i]?.width === shown.width && sizes[i]?.height === shown.height,
  );
  const [primary] = fitting;
  if (fitting.length !== 1 || primary === undefined)
    throw new MediaPreflightError(
      "engine-failed",
      "it holds several pictures, and which is the primary one is unclear",
    );
  await rename(join(folder, primary), output);
}

/** Width and height as IHDR states them: PNG 11.2.1. */
async function pngSize(path: string): Promise<Size> {
  const file = await openFile(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(24), 0, 24, 0);
    return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
  } finally {
    await file.close();
  }
}

type Decode = (options: {
  buffer: Uint8Array;
}) => Promise<{ width: number; height: number; data: ArrayBufferLike }>;

async function packageDecoder(): Promise<HeifDecoder | null> {
  try {
    // The package has no types.
    const name: string = "heic-decode";
    const { default: decode } = (await import(name)) as { default: Decode };
    const { default: sharp } = await import("sharp");
    return {
      version: "heic-decode",
      async toPng(input, output, shown) {
        const buffer = await readFile(input);
        if (buffer.byteLength > maxBytes)
          throw new MediaPreflightError(
            "engine-failed",
            "it is too large to be decoded without heif-convert",
          );
        try {
          const { width, height, data } = await decode({ buffer });
          if (width !== shown.width || height !== shown.height) throw new Error("not the primary picture");
          const pixels = new Uint8Array(data);
          const raw = { width, height, channels: 4 as const };
          const opaque = pixels.every((value, i) => i % 4 !== 3 || value === 255);
          const image = sharp(pixels, { raw });
          await (opaque ? image.removeAlpha() : image).png().toFile(output);
        } catch (cause) {
          throw (
            diskFullError(String(cause)) ??
            new MediaPreflightError("engine-failed", "heic-decode cannot decode it", { cause })
          );
        }
      },
    };
  } catch {
    return null; // one of the two is not installed
  }
}
