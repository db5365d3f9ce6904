import type { Checksum } from "./checksum.ts";

/** An object as the emulator keeps it. */
export interface StoredObject {
  key: string;
  /** Name of the file that has its bytes. */
  file: string;
  size: number;
  /** With its quotes. */
  etag: string;
  /** Of its bytes, hexadecimal. */
  sha256: string;
  contentType: string;
  /** `x-amz-meta-…` headers, with that prefix. */
  metadata: Readonly<Record<string, string>>;
  checksum: Checksum | null;
  /** Epoch milliseconds. */
  lastModified: number;
}

/** Where the bucket keeps its objects: bytes as files, the list in the emulator's own state. */
export interface BucketDisk {
  /** Changed in place. */
  readonly objects: StoredObject[];
  path(file: string): string;
  remove(file: string): Promise<void>;
  save(): Promise<void>;
}

/** The objects by key; changes are synchronous, so that a condition and its write cannot be torn apart. */
export class Objects {
  readonly disk: BucketDisk;

  constructor(disk: BucketDisk) {
    this.disk = disk;
  }

  get(key: string): StoredObject | undefined {
    return this.disk.objects.find((object) => object.key === key);
  }

  /** Sorted by the UTF-8 bytes of their keys, as S3 lists them. */
  sorted(): StoredObject[] {
    return this.disk.objects.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /**
   * Puts an object in place of the one with the same key, whose bytes are removed.
   * @param check throws to refuse, with the object that is there
   */
  async put(object: StoredObject, check: (existing: StoredObject | undefined) => void): Promise<void> {
    const { objects } = this.disk;
    const index = objects.findIndex(({ key }) => key === object.key);
    const existing = objects[index];
    try {
      check(existing);
    } catch (error) {
      await this.disk.remove(object.file);
      throw error;
    }
    if (index === -1) objects.push(object);
    else objects[index] = object;
    if (existing) await this.disk.remove(existing.file);
    await this.disk.save();
  }

  async delete(key: string): Promise<void> {
    const { objects } = this.disk;
    const index = objects.findIndex((object) => object.key === key);
    if (index === -1) return;
    const [gone] = objects.splice(index, 1);
    if (gone) await this.disk.remove(gone.file);
    await this.disk.save();
  }
}
