import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wav } from "../../submit/crash/wav.ts";
import { peakMemoryOf, push, startService } from "./drive.ts";

/** Peak memory of a push of so many files, against that of a push of one small file; in megabytes. */
export async function memoryOfLargeFiles(
  files: number,
  megabytes: number,
): Promise<{ small: number; large: number; objects: number }> {
  const directory = await mkdtemp(join(tmpdir(), "memory-storage-"));
  const service = await startService({ processingMs: 50, bucket: "media", limits: "observed" });
  try {
    const peak = async (name: string): Promise<number> => {
      const run = await push(
        {
          folder: join(directory, name),
          ledger: join(directory, `${name}.json`),
          bucket: "media",
          prefix: "clips/",
          timeout: 60_000,
          recovery: { betweenSearches: 500, afterRequest: 1500 },
        },
        service,
      );
      const peakMemory = peakMemoryOf(run);
      if (run.code !== 0 || peakMemory === null) throw new Error(run.output.slice(-2000));
      return Math.round(peakMemory / 1e6);
    };
    await mkdir(join(directory, "small"));
    await writeFile(join(directory, "small", "a.wav"), wav(2.5, 1));
    await mkdir(join(directory, "large"));
    for (let i = 0; i < files; i++) await writeMp4(join(directory, "large", `clip ${i}.mp4`), megabytes, i);
    const small = await peak("small");
    const large = await peak("large");
    return { small, large, objects: (await service.state()).objects.length };
  } finally {
    service.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** A real clip, and a `free` box that makes it as large as wanted. */
async function writeMp4(path: string, megabytes: number, mark: number): Promise<void> {
  const clip = await readFile(new URL("../../../fixtures/video/duration-2s.mp4", import.meta.url));
  const head = Buffer.alloc(16);
  head.writeUInt32BE(megabytes * 1e6 - clip.length, 0);
  head.write("free", 4);
  head.writeUInt32BE(mark, 8);
  await writeFile(path, Buffer.concat([clip, head]));
  // The rest is a hole, which reads as zeros.
  await truncate(path, megabytes * 1e6);
}
