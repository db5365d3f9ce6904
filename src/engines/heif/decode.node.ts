import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { MediaPreflightError } from "../../errors.ts";
import type { RunOptions } from "../engine.ts";
import { findProgram } from "../find-program.node.ts";
import { runProgram } from "../run-program.node.ts";

/** What decodes HEIC: libheif's program, or the heic-decode package. */
export interface HeifDecoder {
  version: string;
  /** Writes the primary picture, upright, as PNG. @throws MediaPreflightError */
  toPng(input: string, output: string, options?: RunOptions): Promise<void>;
}

const deadlineDefault = 2 * 60_000;
/** Larger pictures are not decoded within this process. */
const maxBytes = 100 * 2 ** 20;

/** A decoder for HEIC and HEIF stills, or null where there is none. */
export async function heifDecoder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<HeifDecoder | null> {
  for (const name of ["heif-convert", "heif-dec"]) {
    const program = findProgram(name, env);
    if (program) return byProgram(program, name);
  }
  return await byPackage();
}

function byProgram(program: string, name: string): HeifDecoder {
  return {
    version: name,
    async toPng(input, output, options = {}) {
      const { code, stderr, stdout } = await runProgram(program, ["--quiet", input, output], {
        signal: options.signal,
        deadline: options.deadline ?? deadlineDefault,
        cwd: dirname(output),
      });
      if (code !== 0) {
        const said = (stderr || stdout).replaceAll(input, "the file").trim().split("\n").at(-1);
        throw new MediaPreflightError(
          "engine-failed",
          `${name} cannot decode it: ${said || "it gave no reason"}`,
        );
      }
    },
  };
}

type Decode = (options: {
  buffer: Uint8Array;
}) => Promise<{ width: number; height: number; data: ArrayBufferLike }>;

async function byPackage(): Promise<HeifDecoder | null> {
  try {
    // Without types of its own.
    const name: string = "heic-decode";
    const { default: decode } = (await import(name)) as { default: Decode };
    const { default: sharp } = await import("sharp");
    return {
      version: "heic-decode",
      async toPng(input, output) {
        const buffer = await readFile(input);
        if (buffer.byteLength > maxBytes)
          throw new MediaPreflightError(
            "engine-failed",
            "it is too large to be decoded without heif-convert",
          );
        try {
          const { width, height, data } = await decode({ buffer });
          const pixels = new Uint8Array(data);
          const raw = { width, height, channels: 4 as const };
          const opaque = pixels.every((value, i) => i % 4 !== 3 || value === 255);
          const image = sharp(pixels, { raw });
          await (opaque ? image.removeAlpha() : image).png().toFile(output);
        } catch (cause) {
          throw new MediaPreflightError("engine-failed", "heic-decode cannot decode it", { cause });
        }
      },
    };
  } catch {
    return null; // one of the two is not installed
  }
}
