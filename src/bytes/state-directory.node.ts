import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The user's folder for state that outlives a run: $XDG_STATE_HOME (XDG Base Directory Specification 0.8) if it is
 * an absolute path, otherwise the platform's own.
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const name = "media-preflight";
  const state = env.XDG_STATE_HOME;
  if (state && isAbsolute(state)) return join(state, name);
  if (platform === "win32") return join(env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), name);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", name);
  return join(homedir(), ".local", "state", name);
}
