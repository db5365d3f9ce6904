/** A gathered script: made with what its pieces need, it gives each of them by name. */
export type Script = (load: Load, held: Held) => Record<string, () => object>;

/** A module by its name, as `import()` gives it. */
export type Load = (name: string) => Promise<unknown>;

/** A gathered piece's exports. */
export type Held = (name: string) => object;

/**
 * Where the pieces of the built command come from: the script that holds one is run when its first piece is wanted.
 * @param homes the script of each piece, put together by bundle.ts
 * @param run gives a script's value
 * @param load what is not gathered
 */
export function piecesOf(
  homes: Readonly<Record<string, string>>,
  run: (script: string) => Script,
  load: Load,
): Held {
  const pieces: Record<string, () => object> = {};
  const held: Held = (name) => {
    const script = homes[name];
    if (pieces[name] === undefined && script !== undefined)
      Object.assign(pieces, run(script)(anywhere, held));
    return pieces[name]?.() ?? {};
  };
  const anywhere: Load = async (name) => (Object.hasOwn(homes, name) ? held(name) : await load(name));
  return held;
}
