import type {
  CrossCheckLibrary,
  LibraryEnvironment,
  LibraryName,
  LibraryReading,
  Question,
} from "./library-reading.ts";

const crossCheck: Record<LibraryName, () => Promise<{ crossCheck: CrossCheckLibrary }>> = {
  mediainfo: () => import("./mediainfo.ts"),
  "image-size": () => import("./image-size.ts"),
  "music-metadata": () => import("./music-metadata.ts"),
  "file-type": () => import("./file-type.ts"),
};

/** How a test, or a page that ships without a library, replaces the import of a cross-check library. */
export type LibraryImport = (name: LibraryName) => Promise<{ crossCheck: CrossCheckLibrary }>;

/** Asks a cross-check library in this thread, importing it the first time. */
export async function answer(
  name: LibraryName,
  question: Question,
  surroundings: LibraryEnvironment,
  load: LibraryImport = (wanted) => crossCheck[wanted](),
): Promise<LibraryReading> {
  let loaded: { crossCheck: CrossCheckLibrary };
  try {
    loaded = await load(name);
  } catch (cause) {
    throw new Error(`${name} is not installed or cannot be loaded`, { cause });
  }
  return loaded.crossCheck(question, surroundings);
}
