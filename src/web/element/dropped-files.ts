/** A folder may contain anything: at most so many files, at most so deep, are read. */
const mostFiles = 2000;
const mostDepth = 12;

/** Whether a drag carries files at all. */
export const carriesFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes("Files") ?? false;

/** The files of a drop or paste, also those in folders. Call it while the event is dispatched: its items are gone afterwards. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const room = { left: mostFiles };
  const found = [...transfer.items].map((item) => {
    if (item.kind !== "file") return null;
    const entry = item.webkitGetAsEntry?.();
    // getAsFile() is immediate, while an entry's file() asks another process.
    return entry && !entry.isFile ? walk(entry, room, 0) : item.getAsFile();
  });
  return (await Promise.all(found)).flat().filter((file) => file !== null);
}

/** All at once, since each answer comes from another process; in the folder's order. */
async function walk(entry: FileSystemEntry, room: { left: number }, depth: number): Promise<File[]> {
  if (entry.isFile) {
    if (--room.left < 0) return [];
    return new Promise((resolve) =>
      (entry as FileSystemFileEntry).file(
        // Files that the system put into the folder are left out.
        (file) => resolve(/^(\.|Thumbs\.db$|desktop\.ini$)/i.test(file.name) ? [] : [file]),
        // Deleted or unreadable: left out.
        () => resolve([]),
      ),
    );
  }
  const found: Promise<File[]>[] = [];
  const reader = depth < mostDepth && (entry as FileSystemDirectoryEntry).createReader();
  while (reader && room.left > 0) {
    // A hundred at a time (File and Directory Entries API, readEntries), until there are none.
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) break;
    found.push(...some.map((one) => walk(one, room, depth + 1)));
  }
  return (await Promise.all(found)).flat();
}
