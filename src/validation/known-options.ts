/**
 * Every option by its name: true, or the words that it takes. The compiler checks the names against the options' type:
 * `satisfies OptionNames<PreflightOptions>`.
 */
export type OptionNames<Options> = Readonly<Record<keyof Options, true | readonly string[]>>;

/** Whether every option exists and, where it takes certain words only, has one of them. options.ts explains a no. */
export function areKnownOptions(options: object, names: OptionNames<Record<string, unknown>>): boolean {
  return Object.entries(options).every(([name, value]) => {
    if (value === undefined) return true;
    const words = Object.hasOwn(names, name) && names[name];
    return words === true || (Array.isArray(words) && (value === null || words.includes(value)));
  });
}
