/** A folder may hold anything: so many files, so deep, are looked at. */
const mostFiles = 2000;
const mostDepth = 12;

/** Whether a drag carries files at all. */
export const carriesFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes("Files") ?? false;

/** The files of a drop or paste, those in folders too. Call it in the event's own turn: a drop's items are gone after. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found: File[] = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push(entry);
    else if (entry) await walk(entry, found, 0);
  }
  return found;
}

async function walk(entry: FileSystemEntry, found: File[], depth: number): Promise<void> {
  if (found.length >= mostFiles) return;
  if (entry.isFile) {
    try {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      // What the system put into the folder is not what somebody wants to send.
      if (depth === 0 || !/^(\.|Thumbs\.db$|desktop\.ini$)/i.test(file.name)) found.push(file);
    } catch {
      // Gone, or not to be read: as if it had not been dropped.
    }
  } else if (depth < mostDepth) {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // A hundred at a time (File and Directory Entries API, readEntries), until there are none.
      const some = await new Promise<FileSystemEntry[]>((resolve) =>
        reader.readEntries(resolve, () => resolve([])),
      );
      if (some.length === 0 || found.length >= mostFiles) return;
      for (const one of some) await walk(one, found, depth + 1);
    }
  }
}
