/** Limits for a dropped folder, which may contain anything: files, and levels of folders. */
const maxFiles = 2000;
const maxDepth = 12;

/** Whether a drag carries files at all. */
export const carriesFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes("Files") ?? false;

/** The files of a drop or paste, also those in folders. Call it while the event is dispatched: afterwards it has no items. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const budget = { left: maxFiles };
  const found = [...transfer.items].map((item) => {
    if (item.kind !== "file") return null;
    const entry = item.webkitGetAsEntry?.();
    // getAsFile() is immediate, while an entry's file() asks another process.
    return entry && !entry.isFile ? walk(entry, budget, 0) : item.getAsFile();
  });
  return (await Promise.all(found)).flat().filter((file) => file !== null);
}

/** All at once, since each answer comes from another process; in the folder's order. */
async function walk(entry: FileSystemEntry, budget: { left: number }, depth: number): Promise<File[]> {
  if (entry.isFile) {
    if (--budget.left < 0) return [];
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
  const reader = depth < maxDepth && (entry as FileSystemDirectoryEntry).createReader();
  while (reader && budget.left > 0) {
    // A hundred at a time (File and Directory Entries API, readEntries), until there are none.
    const entries = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (entries.length === 0) break;
    found.push(...entries.map((one) => walk(one, budget, depth + 1)));
  }
  return (await Promise.all(found)).flat();
}
