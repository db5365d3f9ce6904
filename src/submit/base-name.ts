/** The last segment of a path, of any system. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/s, "");
}

/** The last segment of a path without its extension. */
export function stemOf(path: string): string {
  return baseName(path).replace(/(?<=.)\.[^.]*$/s, "");
}
