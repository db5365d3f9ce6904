/**
 * Words for the ways that this run took: its command, its switches, the formats it met. A run that went where none
 * went before has compiled code that is not kept yet.
 */
export const trail: Set<string> = new Set();
