/** A value that no list can state. options.ts checks it and words the error. */
export interface ValueRule {
  accepts(value: unknown): boolean;
  /** Ends the sentence "OPTION is …". */
  expected: string;
}

/** What an option takes: any value, one of a list, or what a rule accepts. */
export type OptionValues = true | readonly (string | boolean)[] | ValueRule;

/**
 * Every option by its name, and its allowed values. The compiler checks the names against the options' type:
 * `satisfies OptionNames<PreflightOptions>`.
 */
export type OptionNames<Options> = Readonly<Record<keyof Options, OptionValues>>;

/** Whether every option exists and has an allowed value. options.ts makes the error if not. */
export function areKnownOptions(
  options: object | null,
  names: OptionNames<Record<string, unknown>>,
): boolean {
  return Object.entries(options ?? { "": 0 }).every(([name, value]) => {
    if (value === undefined) return true;
    const allowed = Object.hasOwn(names, name) && names[name];
    return allowed === true || (Array.isArray(allowed) && (value === null || allowed.includes(value)));
  });
}
