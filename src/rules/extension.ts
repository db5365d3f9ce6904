/** The extension of a file name in lower case, without the dot; null if it has none (as in "clip" and ".hidden"). */
export function extensionOf(name: string | null | undefined): string | null {
  const dot = name?.lastIndexOf(".") ?? -1;
  return name && dot > 0 ? name.slice(dot + 1).toLowerCase() : null;
}
