/** A folder may hold anything: so many files, so deep, are looked at. */
const mostFiles = 2000;
const mostDepth = 12;

/** Whether a drag carries files at all. */
export const carriesFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes("Files") ?? false;

/** The files of a drop or paste, those in folders too. Call it in the event's own turn: a drop's items are gone after. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const room = { left: mostFiles };
  const found = [...transfer.items].map((item) => {
    if (item.kind !== "file") return null;
    const entry = item.webkitGetAsEntry?.();
    // A file is at hand as it is; asked of its entry, it would be a question for another process.
    return entry && !entry.isFile ? walk(entry, room, 0) : item.getAsFile();
  });
  return (await Promise.all(found)).flat().filter((file) => file !== null);
}

/** All at once, since each answer comes from another process; in the order in which they lie there. */
async function walk(entry: FileSystemEntry, room: { left: number }, depth: number): Promise<File[]> {
  if (entry.isFile) {
    if (--room.left < 0) return [];
    return new Promise((resolve) =>
      (entry as FileSystemFileEntry).file(
        // What the system put into the folder is not what somebody wants to send.
        (file) => resolve(/^(\.|Thumbs\.db$|desktop\.ini$)/i.test(file.name) ? [] : [file]),
        // Gone, or not to be read: as if it had not been dropped.
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
