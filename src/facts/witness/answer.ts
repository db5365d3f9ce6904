import type { Opinion, Question, Surroundings, Witness, WitnessName } from "./opinion.ts";

const witnesses: Record<WitnessName, () => Promise<{ witness: Witness }>> = {
  mediainfo: () => import("./mediainfo.ts"),
  "image-size": () => import("./image-size.ts"),
  "music-metadata": () => import("./music-metadata.ts"),
  "file-type": () => import("./file-type.ts"),
};

/** How a test, or a page that ships without a library, replaces the import of a witness. */
export type WitnessImport = (name: WitnessName) => Promise<{ witness: Witness }>;

/** Asks a witness in this thread, importing it the first time. */
export async function answer(
  name: WitnessName,
  question: Question,
  surroundings: Surroundings,
  load: WitnessImport = (wanted) => witnesses[wanted](),
): Promise<Opinion> {
  let loaded: { witness: Witness };
  try {
    loaded = await load(name);
  } catch (cause) {
    throw new Error(`${name} is not installed or cannot be loaded`, { cause });
  }
  return loaded.witness(question, surroundings);
}
