import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { ByteSource } from "../../bytes/source.ts";
import { MediaPreflightError } from "../../errors.ts";
import { readObjects } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { gitArguments, gitEnvironment, gitProgram } from "./safe-git.ts";
import type { StagedFile } from "./staged.ts";

/** After this many backward seeks the complete blob is read into memory. */
const maxRestarts = 4;
/** Bytes. Larger blobs are never read into memory: no documented limit is even a third of it. */
const maxBytesInMemory = 256 * 1024 * 1024;

/**
 * Ranged reads of a blob from git's stream of it. Reading forwards skips the bytes between; reading backwards starts a
 * new stream, and after some of those the blob is read into memory. Closing the source ends the stream.
 */
export function fromBlobObject(file: StagedFile, repo: Repository): ByteSource {
  let stream: BlobStream | null = null;
  let restarts = 0;
  let inMemory: Uint8Array | null = null;
  return {
    size: file.size,
    name: file.path.split("/").at(-1) ?? file.path,
    minReadSize: 65_536,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, file.size - offset));
      if (inMemory === null && (stream === null || stream.position > offset)) {
        stream?.end();
        if (++restarts > maxRestarts) inMemory = await readIntoMemory(file, repo);
        else stream = new BlobStream(file.blob, repo);
      }
      if (inMemory) return inMemory.subarray(offset, offset + wanted);
      return await (stream as BlobStream).read(offset, wanted);
    },
    close() {
      stream?.end();
      stream = null;
      inMemory = null;
    },
  };
}

async function readIntoMemory(file: StagedFile, repo: Repository): Promise<Uint8Array> {
  const bytes =
    file.size <= maxBytesInMemory ? (await readObjects([file.blob], repo)).get(file.blob) : undefined;
  if (bytes) return bytes;
  throw new MediaPreflightError("unreadable", "its headers need too many backward reads", {
    hint: "stage it unchanged from the work tree, so that the file itself can be read",
  });
}

/** The output of `git cat-file` for one blob, read forwards. Ending it kills the process. */
class BlobStream {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #startError: Promise<never>;
  #chunk: Uint8Array = new Uint8Array(0);
  /** Offset in the blob of the first byte of #chunk. */
  #position = 0;

  constructor(blob: string, repo: Repository) {
    this.#child = spawn(gitProgram(), [...gitArguments(), "cat-file", "blob", blob], {
      cwd: repo.root,
      stdio: ["ignore", "pipe", "ignore"],
      env: gitEnvironment(repo.root),
      windowsHide: true,
    });
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#startError = new Promise<never>((_, reject) => {
      this.#child.on("error", (cause) =>
        reject(new MediaPreflightError("git", "git could not be started", { cause })),
      );
    });
    this.#startError.catch(() => {});
  }

  get position(): number {
    return this.#position;
  }

  /** Bytes from `offset`, which must not be before `position`. @throws MediaPreflightError `git` */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const skipped = Math.min(this.#chunk.byteLength, offset + filled - this.#position);
      const count = Math.min(length - filled, this.#chunk.byteLength - skipped);
      out.set(this.#chunk.subarray(skipped, skipped + count), filled);
      filled += count;
      this.#position += skipped + count;
      this.#chunk = this.#chunk.subarray(skipped + count);
      if (filled < length && this.#chunk.byteLength === 0) await this.#readChunk();
    }
    return out;
  }

  end(): void {
    this.#child.stdout.destroy();
    this.#child.kill();
  }

  async #readChunk(): Promise<void> {
    const next = await Promise.race([this.#chunks.next(), this.#startError]);
    if (next.done)
      throw new MediaPreflightError("git", "git returned fewer bytes of a staged file than it has", {
        hint: "check the repository with git fsck",
      });
    this.#chunk = next.value;
  }
}
