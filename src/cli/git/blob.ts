import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { readObjects } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { gitArguments, gitEnvironment, gitProgram } from "./safe-git.ts";
import type { StagedFile } from "./staged.ts";

/** After this many backward seeks the whole blob is fetched. */
const restartCap = 4;
/** Blobs larger than this are never held in memory: no documented limit is even a third of it. */
const heldCap = 256 * 1024 * 1024;

/**
 * Ranged reads of a blob from git's stream of it. Reading forwards skips what lies between; reading backwards starts a
 * new stream, and after some of those the blob is held in memory. Closing the source ends the stream.
 */
export function fromBlobObject(file: StagedFile, repo: Repository): ByteSource {
  let stream: BlobStream | null = null;
  let restarts = 0;
  let whole: Uint8Array | null = null;
  return {
    size: file.size,
    name: file.path.split("/").at(-1) ?? file.path,
    grain: 65_536,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, file.size - offset));
      if (whole === null && (stream === null || stream.position > offset)) {
        stream?.end();
        if (++restarts > restartCap) whole = await fetched(file, repo);
        else stream = openBlob(file.blob, repo);
      }
      if (whole) return whole.subarray(offset, offset + wanted);
      return await (stream as BlobStream).take(offset, wanted);
    },
    close() {
      stream?.end();
      stream = null;
      whole = null;
    },
  };
}

async function fetched(file: StagedFile, repo: Repository): Promise<Uint8Array> {
  const bytes = file.size <= heldCap ? (await readObjects([file.blob], repo)).get(file.blob) : undefined;
  if (bytes) return bytes;
  throw new MediaPreflightError("unreadable", "its headers need too many backward reads", {
    hint: "stage it unchanged from the work tree, so that the file itself can be read",
  });
}

interface BlobStream {
  readonly position: number;
  take(offset: number, length: number): Promise<Uint8Array>;
  end(): void;
}

function openBlob(blob: string, repo: Repository): BlobStream {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    gitProgram(),
    [...gitArguments(), "cat-file", "blob", blob],
    {
      cwd: repo.root,
      stdio: ["ignore", "pipe", "ignore"],
      env: gitEnvironment(repo.root),
      windowsHide: true,
    },
  );
  const failure = new Promise<never>((_, reject) => {
    child.on("error", (cause) =>
      reject(new MediaPreflightError("git", "git could not be started", { cause })),
    );
  });
  failure.catch(() => {});
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Uint8Array = new Uint8Array(0);
  let position = 0; // of held's first byte
  const more = async (): Promise<boolean> => {
    const next = await Promise.race([chunks.next(), failure]);
    if (next.done) return false;
    held = next.value;
    return true;
  };
  return {
    get position() {
      return position;
    },
    async take(offset, length) {
      const out = new Uint8Array(length);
      let got = 0;
      while (got < length) {
        const skip = Math.min(held.byteLength, offset + got - position);
        const n = Math.min(length - got, held.byteLength - skip);
        out.set(held.subarray(skip, skip + n), got);
        got += n;
        position += skip + n;
        held = held.subarray(skip + n);
        if (got < length && held.byteLength === 0 && !(await more())) {
          throw new MediaPreflightError("git", "git gave fewer bytes of a staged file than it has", {
            hint: "check the repository with git fsck",
          });
        }
      }
      return out;
    },
    end() {
      child.stdout.destroy();
      child.kill();
    },
  };
}
