import type {
  LibraryEnvironment,
  LibraryInput,
  LibraryName,
  LibraryReader,
  LibraryReading,
} from "./library-reading.ts";

const imports: Record<LibraryName, () => Promise<{ reader: LibraryReader }>> = {
  mediainfo: () => import("./mediainfo.ts"),
  "image-size": () => import("./image-size.ts"),
  "music-metadata": () => import("./music-metadata.ts"),
  "file-type": () => import("./file-type.ts"),
};

/** Imports a library. Tests, and pages that ship without a library, replace it. */
export type LibraryImport = (name: LibraryName) => Promise<{ reader: LibraryReader }>;

/** Runs a library in this thread; it is imported the first time. */
export async function readWithLibrary(
  name: LibraryName,
  input: LibraryInput,
  environment: LibraryEnvironment,
  load: LibraryImport = (wanted) => imports[wanted](),
): Promise<LibraryReading> {
  let loaded: { reader: LibraryReader };
  try {
    loaded = await load(name);
  } catch (cause) {
    throw new Error(`${name} is not installed or cannot be loaded`, { cause });
  }
  return loaded.reader(input, environment);
}
