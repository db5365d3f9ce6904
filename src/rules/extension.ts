/** The extension of a file's name, in lower case; null where it has none. A name that begins with its only dot has none. */
export function extensionOf(name: string | null | undefined): string | null {
  const dot = name?.lastIndexOf(".") ?? -1;
  return name && dot > 0 ? name.slice(dot + 1).toLowerCase() : null;
}
